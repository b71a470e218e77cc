import type { Store } from "../ports/store.ts";
import { removeInPieces } from "./remove-in-pieces.ts";

const rowsAtOnce = 500;
const pauseWhenIdle = 10_000;
const pauseWhenBusy = 20;

/** Removes what deleted conversations and apps left behind, in small pieces. Returns how to stop. */
export function startPurge({ apps }: Store, onError: (error: unknown) => void): () => void {
  return removeInPieces({ remove: () => apps.purge(rowsAtOnce), pauseWhenBusy, pauseWhenIdle, onError });
}
