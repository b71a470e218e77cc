import type { Mentions } from "../../../ports/store-entries.ts";
import { RongcloudRefusal } from "../refusal.ts";
import { readField } from "./fields.ts";
import { readMentionedInfo } from "./mentioned-info.ts";
import { hasLongNumbers, parseObject, type Rest, restField } from "./rest.ts";
import { type BuiltIn, byObjectName, byType, statusTypes } from "./types.ts";

/** Bytes of UTF-8. */
export const mostContentBytes = 128 * 1024;

export interface CoreContent {
  /** Of the core. */
  type: string;
  /** JSON text of an object. */
  content: string;
  /** For who is online now, whatever the send says. */
  isStatus: boolean;
  /** What its `mentionedInfo` says; a send that isn't marked as mentioning mentions nobody. */
  mentions?: Mentions;
  /** The uid of the message that it answers. */
  quotedUid?: string;
}

/**
 * A message of the wire as the core holds it. A type of the app's own keeps its name, and its content, as it is. Throws
 * 1005 above 128 KiB, 1002 for a content of a built-in type that is no JSON object or lacks what the type is about.
 */
export function toCore(objectName: string, content: string): CoreContent {
  if (content.length * 3 > mostContentBytes && Buffer.byteLength(content) > mostContentBytes)
    throw new RongcloudRefusal(1005, "content length exceeds limit, at most 128 KB.");
  if (!content.isWellFormed() || content.includes("\0"))
    throw new RongcloudRefusal(1002, "content must be well-formed text without the character NUL.");
  const isStatus = statusTypes.has(objectName);
  const builtIn = byObjectName.get(objectName);
  if (builtIn) return { ...fromBuiltIn(builtIn, content), isStatus };
  const isOurName = byType.has(objectName);
  const fields = parseObject(content);
  if (objectName.startsWith("RC:") && fields === undefined)
    throw new RongcloudRefusal(1002, `content of ${objectName} must be a JSON object.`);
  const marks = marksOf(fields ?? {});
  const type = isOurName ? `custom:${objectName}` : objectName;
  const as: Rest = isOurName ? { as: objectName } : {};
  if (fields !== undefined && !isOurName && !Object.hasOwn(fields, restField))
    return { type, content, isStatus, ...marks };
  // A text is the most that an app of our own protocol can make of it.
  const shown = fields === undefined ? { text: content } : {};
  return {
    type,
    content: JSON.stringify({ ...shown, [restField]: { ...as, raw: content } }),
    isStatus,
    ...marks,
  };
}

function fromBuiltIn({ objectName, type, fields }: BuiltIn, content: string): Omit<CoreContent, "isStatus"> {
  const given = parseObject(content);
  if (given === undefined)
    throw new RongcloudRefusal(1002, `content of ${objectName} must be a JSON object.`);
  const core: Record<string, unknown> = {};
  const left = new Map(Object.entries(given));
  const without: string[] = [];
  for (const field of fields) {
    const value = readField(field, given[field.wire]);
    if (value === undefined && field.isRequired)
      throw new RongcloudRefusal(1002, `content of ${objectName} must hold ${field.wire}.`);
    if (value === undefined && field.fallback !== undefined) {
      core[field.core] = field.fallback;
      without.push(field.wire);
    }
    if (value === undefined) continue;
    core[field.core] = value;
    if (value === given[field.wire] || field.as === "list") left.delete(field.wire);
  }
  const rest: Rest = {};
  if (byType.get(type)?.objectName !== objectName) rest.as = objectName;
  if (without.length > 0) rest.without = without;
  if (hasLongNumbers(content)) rest.raw = content;
  else if (left.size > 0) rest.fields = Object.fromEntries(left);
  if (Object.keys(rest).length > 0) core[restField] = rest;
  return { type, content: JSON.stringify(core), ...marksOf(given) };
}

function marksOf(given: Record<string, unknown>): Pick<CoreContent, "mentions" | "quotedUid"> {
  const mentions = readMentionedInfo(given.mentionedInfo);
  const { referMsgUid } = given;
  return {
    ...(mentions ? { mentions } : {}),
    ...(typeof referMsgUid === "string" && referMsgUid !== "" ? { quotedUid: referMsgUid } : {}),
  };
}
