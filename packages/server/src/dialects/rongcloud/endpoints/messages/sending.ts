/** What all sends share: their parameters, and what they come to in the core. */

import { flagsOf } from "@parlance/protocol";
import Type from "typebox";
import type { Core } from "../../../../core/core.ts";
import { findUserData } from "../../../../core/messages/list-history.ts";
import type { Speech, Spoken } from "../../../../core/messages/speak.ts";
import { mostContentBytes, toCore } from "../../content/to-core.ts";
import { byObjectName } from "../../content/types.ts";
import { flag, jsonText, optional, text, userId } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { type PushParams, pushParams, readPushWish } from "./push-wish.ts";

export const saidParams = {
  fromUserId: userId,
  objectName: text({
    maxLength: 32,
    description: "A built-in type, e.g. RC:TxtMsg, or one of the app's own.",
  }),
  content: text({
    maxBytes: mostContentBytes,
    description: "JSON text of the type's fields; of types of the app's own any text.",
  }),
};

export const includeSender = {
  isIncludeSender: optional(flag({ description: "The sender's own devices get it, and list it." })),
};

export const sendParams = {
  ...saidParams,
  ...pushParams,
  isPersisted: optional(flag({ description: "0: for who is online now, stored nowhere." })),
  isCounted: optional(flag({ description: "0: nobody has it unread." })),
  disableUpdateLastMsg: optional(
    flag({ description: "Lists go on showing the message before as the last one." }),
  ),
  msgRandom: optional(
    text({
      maxLength: 20,
      description: "Used again within a minute for the same receiver, it is a repeat and refused.",
    }),
  ),
};

export const expansionParams = {
  expansion: optional(flag({ description: "Key-values may be set on it later." })),
  extraContent: optional(
    jsonText(
      Type.Record(Type.String(), Type.String(), { description: "Key-values that it has from the start." }),
    ),
  ),
};

export const receiptParam = {
  needReadReceipt: optional(
    flag({ description: "Clients may ask for the readers of every message; nothing has to be said for it." }),
  ),
};

export interface Said extends PushParams {
  fromUserId: string;
  objectName: string;
  content: string;
  isIncludeSender?: boolean;
  isPersisted?: boolean;
  isCounted?: boolean;
  disableUpdateLastMsg?: boolean;
  msgRandom?: string;
  expansion?: boolean;
  extraContent?: Record<string, string>;
  isMentioned?: boolean;
}

/** Types of the API itself that clients neither count nor keep. */
const isClientOwn = (objectName: string): boolean =>
  objectName.startsWith("RC:") && !byObjectName.has(objectName);

/** What the app wants shown beside a sender. */
export async function senderDataOf(core: Core, userId: string): Promise<string | null> {
  return (await findUserData(core.store, [userId])).get(userId) ?? null;
}

/** Throws 1005 for a content longer than this installation takes, besides what `speechOf` throws. */
export async function readSpeech(core: Core, said: Said): Promise<Speech> {
  assertFits(core, said.content);
  const speech = speechOf(said);
  return { ...speech, senderData: await senderDataOf(core, said.fromUserId) };
}

/** An operator may allow less than the API does. */
export function assertFits({ limits: { messageBytes } }: Core, content: string): void {
  if (content.length * 3 <= messageBytes || Buffer.byteLength(content) <= messageBytes) return;
  throw new RongcloudRefusal(1005, `content length exceeds limit, at most ${messageBytes} bytes.`);
}

/** Throws 1002, 1005 for a content that isn't one. */
export function speechOf(said: Said): Omit<Speech, "senderData"> {
  const { type, content, isStatus, mentions, quotedUid } = toCore(said.objectName, said.content);
  if (said.isMentioned && mentions === undefined)
    throw new RongcloudRefusal(
      1002,
      "content must hold mentionedInfo that says whom, because isMentioned is 1.",
    );
  const isOwn = isClientOwn(said.objectName);
  const isNeverLast = said.disableUpdateLastMsg || isOwn || !flagsOf(type).isPersisted;
  const push = readPushWish(said);
  const keys = said.expansion ? (said.extraContent ?? {}) : undefined;
  return {
    fromUserId: said.fromUserId,
    type,
    content,
    isPersisted: said.isPersisted !== false && !isStatus,
    isCounted: said.isCounted !== false && !isOwn && flagsOf(type).isCounted,
    isHeardBySender: said.isIncludeSender === true,
    ...(isNeverLast && { isNeverLast }),
    ...(said.isMentioned && mentions && { mentions }),
    ...(type === "quote" && quotedUid !== undefined && { quotedUid }),
    ...(keys && { keys }),
    ...(said.msgRandom && { onceKey: said.msgRandom }),
    ...(push && { push }),
  };
}

/** Throws 1002 when nothing was new in it. */
export function toUids<Name extends string>(name: Name, ids: readonly string[], spoken: readonly Spoken[]) {
  if (spoken.length > 0 && spoken.every(({ isRepeat }) => isRepeat))
    throw new RongcloudRefusal(1002, "The same msgRandom was used within a minute.");
  const uids = ids.map((id, index) => ({ [name]: id, messageUID: spoken[index]?.uid }));
  return { messageUIDs: uids as (Record<Name, string> & { messageUID: string })[] };
}

export const uidsOf = (name: string) => ({
  messageUIDs: Type.Array(Type.Object({ [name]: Type.String(), messageUID: Type.String() })),
});
