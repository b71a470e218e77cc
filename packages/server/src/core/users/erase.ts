import type { Store } from "../../ports/store.ts";
import { removeInPieces } from "../remove-in-pieces.ts";

/** Conversations of one piece: everybody's messages wait for its commit. */
export const conversationsAtOnce = 20;
const usersAtOnce = 50;
const pauseWhenBusy = 20;
const pauseWhenIdle = 1000;

/**
 * Erases the data of users who were deactivated, a small piece of each after the other. Every node looks; a piece that
 * two nodes erase is erased. Returns how to stop.
 */
export function startErasing(store: Store, onError: (error: unknown) => void): () => void {
  const remove = async () => {
    const due = await store.apps.listDueErasures(usersAtOnce);
    for (const { appId, userId } of due) await store.forApp(appId).eraseUser(userId, conversationsAtOnce);
    return due.length;
  };
  return removeInPieces({ remove, pauseWhenBusy, pauseWhenIdle, onError });
}
