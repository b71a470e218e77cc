/**
 * Each tab is a device of its own, so that two tabs can be two devices of one person; a tab that is opened later takes
 * the place of one that was closed, with its cache and what it left unsent.
 */

const mostTabs = 20;
const storageKey = "parlance-demo:browser";
const ownKey = "parlance-demo:device";
/** A page that is loaded anew waits so long for the page before to let go of its place. */
const waitMs = 5_000;

const random = (): string =>
  [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join("");

function browserId(): string {
  const known = localStorage.getItem(storageKey);
  if (known) return known;
  const made = random();
  localStorage.setItem(storageKey, made);
  return made;
}

/** Holds the place until the tab is closed or `release` is called. Where the browser has no locks: a new device each time. */
export async function takeDevice(userId: string): Promise<{ id: string; release(): void }> {
  if (navigator.locks === undefined) return { id: random(), release() {} };
  const lockOf = (id: string) => `parlance-demo:${userId}:${id}`;
  const own = sessionStorage.getItem(ownKey);
  const again = own && (await lock(lockOf(own), { signal: AbortSignal.timeout(waitMs) }));
  if (again) return { id: own, release: again };
  for (let place = 1; place <= mostTabs; place++) {
    const id = `${browserId()}-${place}`;
    const release = await lock(lockOf(id), { ifAvailable: true });
    if (!release) continue;
    sessionStorage.setItem(ownKey, id);
    return { id, release };
  }
  return { id: random(), release() {} };
}

/** Null: it is held by another tab. */
const lock = (name: string, options: LockOptions): Promise<(() => void) | null> =>
  new Promise((resolve) => {
    const hold = (held: Lock | null) =>
      held ? new Promise<void>((release) => resolve(release)) : resolve(null);
    navigator.locks.request(name, options, hold).catch(() => resolve(null));
  });
