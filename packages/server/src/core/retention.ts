import type { Store } from "../ports/store.ts";

const messagesAtOnce = 500;
const pauseWhenIdle = 60_000;
/** With the pieces' size the bound of what is removed in a second: 10,000. */
const pauseWhenBusy = 50;

/**
 * Removes messages that are past their app's retention, in pieces. Every node tries; the store lets one at a time.
 * Returns how to stop.
 */
export function startRetention(store: Store, onError: (error: unknown) => void): () => void {
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout>;
  const work = async () => {
    let removed = 0;
    try {
      removed = await store.apps.expire(messagesAtOnce);
    } catch (error) {
      onError(error);
    }
    if (!isStopped) timer = setTimeout(work, removed > 0 ? pauseWhenBusy : pauseWhenIdle);
  };
  timer = setTimeout(work, pauseWhenIdle);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
