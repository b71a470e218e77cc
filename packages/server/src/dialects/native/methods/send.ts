import { flagsOf, limits, messageTypes, type ParamsOf, type ResultOf } from "@parlance/protocol";
import { faultsOf } from "@parlance/protocol/check";
import { Compile } from "typebox/compile";
import { admitMessage } from "../../../core/chatrooms/admit-message.ts";
import { keptField } from "../../../core/messages/kept-content.ts";
import { permitSend } from "../../../core/messages/permit-send.ts";
import { type SendMessage, sendMessage } from "../../../core/messages/send-message.ts";
import { sendSignal } from "../../../core/messages/signals.ts";
import { ParlanceError } from "../../../errors.ts";
import type { Connection } from "../../../gateway/connection.ts";
import type { Conversation } from "../../../ports/store.ts";
import { peekWritable, readable, writable } from "../conversations.ts";
import { Refusal } from "../refusal.ts";
import { type Call, inOrder } from "./method.ts";

type Params = ParamsOf<"message.send">;
type Sent = ResultOf<"message.send">;

const contentChecks = new Map(
  Object.entries(messageTypes).map(([type, { content }]) => [type, Compile(content as object)]),
);

/** How large a content may be here, in bytes of JSON text. */
export const mostContentBytes = (connection: Connection): number =>
  Math.min(limits.contentBytes, connection.core.limits.messageBytes);

/** JSON text. Throws `contentTooLarge`, and `invalidParams` for a content that is not what its type says. */
export function contentText(connection: Connection, type: string, content: object): string {
  const check = contentChecks.get(type);
  if (check && !check.Check(content)) {
    const { content: schema } = messageTypes[type as keyof typeof messageTypes];
    throw new Refusal("invalidParams", faultsOf(schema, content, "$.content").join("; "));
  }
  return sizedText(connection, content);
}

/** JSON text, without what other dialects keep in a content. Throws `contentTooLarge`. */
export function sizedText(connection: Connection, content: object): string {
  const own = Object.hasOwn(content, keptField) ? { ...content, [keptField]: undefined } : content;
  const text = JSON.stringify(own);
  const most = mostContentBytes(connection);
  if (text.length * 3 > most && Buffer.byteLength(text) > most) throw new Refusal("contentTooLarge");
  return text;
}

/**
 * Sends of one connection are stored in the order they came: where the conversation is known, which is nearly always, a
 * send takes its place in the queue to disk at once, and otherwise the next frame waits until it has one.
 */
async function send(call: Call, params: Params): Promise<Sent> {
  const { connection } = call;
  const text = contentText(connection, params.type, params.content);
  const known = peekWritable(connection, params.conversation);
  const permission = known ? permit(connection, known) : null;
  // What is quoted is looked up before the message takes its place.
  if (known && permission === null && !params.quote) return place(connection, known, params, text);
  const find = async (): Promise<Conversation> => {
    if (known) {
      await permission;
      return known;
    }
    const found = await writable(connection, params.conversation);
    await permit(connection, found);
    return found;
  };
  const placed = find().then((found) => ({ sent: place(connection, found, params, text) }));
  const sent = placed.then((handle) => handle.sent);
  const until: Promise<unknown> = params.quote ? sent : placed;
  call.hold(until.catch(() => {}));
  return sent;
}

const permit = ({ core, user }: Connection, conversation: Conversation) =>
  permitSend(core, { conversation, senderId: user.userId });

async function place(
  connection: Connection,
  conversation: Conversation,
  params: Params,
  content: string,
): Promise<Sent> {
  const { core, user } = connection;
  const { type, to, isPersisted = flagsOf(type).isPersisted } = params;
  if (to && conversation.kind !== "group") throw new Refusal("wrongKind");
  if (conversation.kind === "chatroom") admitMessage(core, conversation);
  const author = {
    ...{ conversation, senderId: user.userId, senderData: user.userData, type, content },
    isByClient: true,
  };
  if (!isPersisted) {
    sendSignal(core, { ...author, ...(to && { toUserIds: to }) });
    return { seq: 0, sentAt: Date.now() * 1000, isRepeat: false };
  }
  const input: SendMessage = {
    ...author,
    clientId: params.clientId,
    isCounted: params.isCounted ?? flagsOf(type).isCounted,
    marksRead: conversation.kind !== "chatroom",
  };
  if (to) input.toUserIds = to;
  if (params.mentions)
    input.mentions = { userIds: params.mentions.users ?? [], isAll: params.mentions.all === true };
  if (params.quote) input.quote = params.quote.sentAt;
  const { message, isRepeat = false } = await sendMessage(core, input).catch(asQuoteNotFound);
  return { seq: message.seq, sentAt: message.sentAt, isRepeat };
}

function asQuoteNotFound(error: unknown): never {
  const isQuote = error instanceof ParlanceError && error.code === "invalidInput" && "quote" in error.details;
  throw isQuote ? new Refusal("quoteNotFound") : error;
}

/** A direct conversation that nobody has written in yet has nobody to signal to. */
async function signal(call: Call, params: ParamsOf<"signal.send">): Promise<ResultOf<"signal.send">> {
  const { connection } = call;
  const { conversation: ref, type, content = {} } = params;
  const text = sizedText(connection, content);
  if (ref.kind === "system") throw new Refusal("notAllowed");
  const conversation = peekWritable(connection, ref) ?? (await readable(connection, ref));
  const { core, user } = connection;
  const { userId: senderId, userData: senderData } = user;
  await permitSend(core, { conversation, senderId });
  if (conversation.kind === "chatroom") admitMessage(core, conversation);
  sendSignal(core, { conversation, senderId, senderData, type, content: text, isByClient: true });
  return {};
}

export const sendMethods = [inOrder("message.send", send), inOrder("signal.send", signal)];
