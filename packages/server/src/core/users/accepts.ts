import type { Core } from "../core.ts";

/**
 * Which of these take direct messages from this user: those whose allowlist has them, where the allowlist is in use, and
 * otherwise those whose blocklist hasn't. As the store has it now; for sends of clients see `direct-rules.ts`.
 */
export async function whoAccept(
  core: Pick<Core, "store" | "settings">,
  fromUserId: string,
  toUserIds: readonly string[],
): Promise<Set<string>> {
  const accepting = new Set(toUserIds);
  const ids = [...accepting];
  const [states, blocking, allowing] = await Promise.all([
    core.store.findUserStates(ids),
    core.store.findListing(ids, "block", fromUserId),
    core.store.findListing(ids, "allow", fromUserId),
  ]);
  const picky = new Set(states.filter((state) => state.usesAllowlist).map(({ userId }) => userId));
  const [blocked, allowed] = [new Set(blocking), new Set(allowing)];
  for (const id of ids) {
    const isStrict = core.settings.usesAllowlists || picky.has(id);
    if (isStrict ? !allowed.has(id) : blocked.has(id)) accepting.delete(id);
  }
  return accepting;
}

/** Whether one user takes direct messages from another. */
export const accepts = async (
  core: Pick<Core, "store" | "settings">,
  fromUserId: string,
  toUserId: string,
): Promise<boolean> => (await whoAccept(core, fromUserId, [toUserId])).has(toUserId);
