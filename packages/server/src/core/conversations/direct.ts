import { ParlanceError } from "../../errors.ts";

/**
 * Keys of conversations that belong to two names: those of two users, or of an app's sender and a user. The first one's
 * length stands before it, so that no two pairs have the same key, whatever characters are in them.
 */
export function pairKey(first: string, second: string): string {
  return `${first.length}:${first}${second}`;
}

export function readPair(key: string): [first: string, second: string] {
  const colon = key.indexOf(":");
  const end = colon + 1 + Number(key.slice(0, colon));
  return [key.slice(colon + 1, end), key.slice(end)];
}

/** The same from either side. With oneself is allowed: notes that all of one's devices have. */
export function directKey(userId: string, otherId: string): string {
  return userId < otherId ? pairKey(userId, otherId) : pairKey(otherId, userId);
}

/** Who the conversation is with, as this user sees it. */
export function peerOf(key: string, userId: string): string {
  const [first, second] = readPair(key);
  return first === userId ? second : first;
}

const mostCharacters = 255;

/** Throws `invalidInput` for what can't be anybody's id. Halves of surrogate pairs would become the same when stored. */
export function assertUserId(id: string): void {
  if (id.length > 0 && id.length <= mostCharacters && id.isWellFormed() && !id.includes("\0")) return;
  throw new ParlanceError("invalidInput", { id: `An id has 1 to ${mostCharacters} characters.` });
}
