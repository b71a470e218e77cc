import { ParlanceError } from "../../errors.ts";
import type { Conversation, Micros } from "../../ports/store.ts";
import type { ChatroomKey, ChatroomKeys } from "../../ports/store-chatrooms.ts";
import type { Core } from "../core.ts";

/** Keys that one call may set or remove. */
export const keysPerCall = 20;
export const longestValue = 4096;
const keyPattern = /^[A-Za-z0-9+=_-]{1,128}$/;

export interface ChangeChatroomKeys {
  /** Who does it, and owns what is set. */
  userId: string;
  /** The back end speaks for the user, who need not be there. */
  isBackEnd?: boolean;
  /** Also keys that somebody else owns. */
  isForced?: boolean;
}

export interface SetChatroomKeys extends ChangeChatroomKeys {
  /** 1 to 20, each key once: 1 to 128 of `A-Z a-z 0-9 + = - _`, with values of 1 to 4096 characters. */
  keys: readonly { key: string; value: string }[];
  /** They go when their owner leaves. */
  isAutoDelete?: boolean;
}

/** All of them or none; tells the members. Throws `invalidInput`, `notJoined`, `keyTaken`, `tooManyKeys`. */
export async function setChatroomKeys(
  core: Core,
  conversation: Conversation,
  { keys, isAutoDelete = false, ...change }: SetChatroomKeys,
): Promise<ChatroomKey[]> {
  checkKeys(keys.map(({ key }) => key));
  for (const { key, value } of keys)
    if (value === "" || value.length > longestValue || !value.isWellFormed() || value.includes("\0"))
      throw new ParlanceError("invalidInput", { [key]: `A value has 1 to ${longestValue} characters.` });
  return write(core, conversation, change, { set: [...keys], remove: [], isAutoDelete });
}

/** Resolves to those that were there. Throws `invalidInput`, `notJoined`, `keyTaken`. */
export async function removeChatroomKeys(
  core: Core,
  conversation: Conversation,
  { keys, ...change }: ChangeChatroomKeys & { keys: readonly string[] },
): Promise<ChatroomKey[]> {
  checkKeys(keys);
  return write(core, conversation, change, { set: [], remove: [...keys], isAutoDelete: false });
}

/** Since a moment: what changed, removed keys without a value, or the whole if that isn't known any more. */
export function listChatroomKeys(
  core: Core,
  conversation: Conversation,
  since: Micros | null,
): Promise<ChatroomKeys> {
  return core.store.listChatroomKeys(conversation.id, since);
}

function checkKeys(keys: readonly string[]): void {
  if (keys.length < 1 || keys.length > keysPerCall)
    throw new ParlanceError("invalidInput", { keys: `Give 1 to ${keysPerCall} keys.` });
  if (new Set(keys).size !== keys.length)
    throw new ParlanceError("invalidInput", { keys: "Name each key once." });
  if (!keys.every((key) => keyPattern.test(key)))
    throw new ParlanceError("invalidInput", { keys: "A key has 1 to 128 of A-Z a-z 0-9 + = - _." });
}

async function write(
  core: Core,
  conversation: Conversation,
  { userId, isBackEnd = false, isForced = false }: ChangeChatroomKeys,
  what: { set: { key: string; value: string }[]; remove: string[]; isAutoDelete: boolean },
): Promise<ChatroomKey[]> {
  const { keys } = await core.store.changeChatroomKeys(conversation.id, {
    ...what,
    userId,
    isForced,
    mustBePresent: !isBackEnd,
  });
  if (keys.length > 0) core.publish({ kind: "chatroomKeysChanged", conversation, keys });
  return keys;
}
