import { messageUid } from "../../../core/messages/message-uid.ts";
import type { Message } from "../../../ports/store.ts";
import { toMentionedInfo } from "./mentioned-info.ts";
import { parseObject, readRest, restField } from "./rest.ts";
import { byType } from "./types.ts";

export interface WireContent {
  objectName: string;
  /** As the sender gave it: JSON text of an object, but for types of the app's own, which may hold any text. */
  content: string;
}

export type Told = Pick<Message, "type" | "content"> &
  Partial<Pick<Message, "conversationId" | "senderId" | "mentions" | "quote" | "state">>;

/** A message of the core as this dialect shows it. What was sent here comes back as it was. */
export function toWire(message: Told): WireContent {
  const { type, content, state } = message;
  if (state === "recalled" || state === "deleted") return recalled(message);
  const builtIn = byType.get(type);
  const fields = parseObject(content) ?? {};
  const rest = readRest(fields);
  const objectName = rest.as ?? builtIn?.objectName ?? type;
  if (rest.raw !== undefined) return { objectName, content: rest.raw };
  // Types of the app's own are stored as they came.
  if (builtIn === undefined) return { objectName, content: addMarks(message, fields) ?? content };

  const wire: Record<string, unknown> = {};
  const ofCore = new Map(builtIn.fields.map((field) => [field.core, field]));
  for (const [name, value] of Object.entries(fields)) {
    const field = ofCore.get(name);
    if (name === restField || (field && rest.without?.includes(field.wire))) continue;
    wire[field?.wire ?? name] = value;
  }
  Object.assign(wire, rest.fields);
  addMarks(message, wire);
  return { objectName, content: JSON.stringify(wire) };
}

/** Adds whom the message mentions and what it answers, unless the content says so itself; undefined: nothing to add. */
function addMarks(
  { mentions, quote, conversationId }: Told,
  wire: Record<string, unknown>,
): string | undefined {
  const hasMentions = mentions !== undefined && wire.mentionedInfo === undefined;
  const hasQuote = quote !== undefined && wire.referMsgUid === undefined;
  if (hasMentions) wire.mentionedInfo = toMentionedInfo(mentions);
  if (hasQuote) {
    const said = toWire({ type: quote.type, content: quote.content ?? "{}" });
    wire.referMsgUserId = quote.senderId ?? "";
    wire.objName = said.objectName;
    wire.referMsg = parseObject(said.content) ?? said.content;
    if (conversationId !== undefined) wire.referMsgUid = messageUid(conversationId, quote.sentAt);
  }
  return hasMentions || hasQuote ? JSON.stringify(wire) : undefined;
}

/** Nothing is left of what it said. */
function recalled({ type, content, senderId, state }: Told): WireContent {
  const { objectName } = toWire({ type, content });
  const notice = { operatorId: senderId ?? "", originalObjectName: objectName, delete: state === "deleted" };
  return { objectName: "RC:RcNtf", content: JSON.stringify(notice) };
}
