import type { Store } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { cleanProfiles } from "../profiles/profiles.ts";
import { removeInPieces } from "../remove-in-pieces.ts";

/** Conversations of one piece: everybody's messages wait for its commit. */
export const conversationsAtOnce = 20;
const usersAtOnce = 50;
const pauseWhenBusy = 20;
const pauseWhenIdle = 1000;

async function erase(core: Core, userId: string): Promise<void> {
  await cleanProfiles(core, [userId]);
  const isLast = await core.store.eraseUser(userId, conversationsAtOnce);
  if (isLast) core.log.info({ user: userId }, "user erased");
}

export interface ErasingOptions {
  store: Store;
  coreOf(appId: number): Core | undefined;
  onError(error: unknown): void;
}

/**
 * Erases the data of users who were deactivated, a small piece of each after the other. Every node looks; a piece that
 * two nodes erase is erased. Returns how to stop.
 */
export function startErasing({ store, coreOf, onError }: ErasingOptions): () => void {
  const remove = async () => {
    let erased = 0;
    for (const { appId, userId } of await store.apps.listDueErasures(usersAtOnce)) {
      const core = coreOf(appId);
      // An app that is deleted goes with all of its rows.
      if (core === undefined) continue;
      // One who can't be erased must not keep the others waiting.
      await erase(core, userId).then(() => erased++, onError);
    }
    return erased;
  };
  return removeInPieces({ remove, pauseWhenBusy, pauseWhenIdle, onError });
}
