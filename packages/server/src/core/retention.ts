import type { Store } from "../ports/store.ts";
import { removeInPieces } from "./remove-in-pieces.ts";

const messagesAtOnce = 500;
const pauseWhenIdle = 60_000;
/** With the pieces' size the bound of what is removed in a second: 10,000. */
const pauseWhenBusy = 50;

/**
 * Removes messages that are past their app's retention, in pieces. Every node tries; the store lets one at a time.
 * Returns how to stop.
 */
export function startRetention({ apps }: Store, onError: (error: unknown) => void): () => void {
  return removeInPieces({ remove: () => apps.expire(messagesAtOnce), pauseWhenBusy, pauseWhenIdle, onError });
}
