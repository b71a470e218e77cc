import { ParlanceError } from "../../errors.ts";
import type { Appended, Conversation, Message, Micros } from "../../ports/store.ts";
import type { Mentions } from "../../ports/store-entries.ts";
import type { Core } from "../core.ts";
import type { MessageSent } from "../events.ts";
import { readyToScreen, screenContent } from "../moderation/screen-content.ts";
import { onceKnown } from "../once-known.ts";
import type { PushWish } from "../push/push-wish.ts";
import { checkMentions, checkRecipients } from "./addressing.ts";
import { assertKeyValues } from "./message-keys.ts";
import { quoteMessage } from "./quotes.ts";

export interface SendMessage {
  conversation: Conversation;
  /** Null: the app itself speaks. */
  senderId: string | null;
  senderData: string | null;
  type: string;
  /** JSON text of an object. */
  content: string;
  /** At most 64 characters. A repeat by the same sender returns the first result and tells nobody. */
  clientId?: string;
  /** Whether it counts as unread; absent: it does. */
  isCounted?: boolean;
  mentions?: Mentions;
  /**
   * `sentAt` of the message that this one answers. It is looked up first: who sends another one meanwhile may come first.
   */
  quote?: Micros;
  /** A back end says it in the sender's name: it may answer what the sender doesn't see. */
  isByApp?: true;
  /** In groups: only these, at most 100, and the sender ever see it. */
  toUserIds?: string[];
  /** The sender neither hears nor sees it. */
  isHiddenFromSender?: true;
  /** Lists go on showing the message before as the last one. */
  isNeverLast?: true;
  /** What it has from the start; as `changeMessage` sets them. */
  keys?: Record<string, string>;
  /** Nobody may set or remove keys later. */
  hasFixedKeys?: true;
  /** What the sender wants of the notifications of those who are offline. */
  push?: PushWish;
  /** Only connections of this platform are told now (`MessageSent`). */
  platform?: string;
  marksRead: boolean;
  /** Somebody's client sends it: the app's sensitive words hold. */
  isByClient?: boolean;
}

/** As it is after the sensitive words. */
type Screened = SendMessage & { original?: string };

/**
 * Resolves with what listeners are told, when the message is on disk and they are being told it. Whether the sender may
 * send is asked before (`isAdmitted`); a back end needs no admission. Throws `conversationNotFound`, `invalidInput`,
 * `blockedBySensitiveWord`, `unavailable` (it is not stored), and `outcomeUnknown`: should it turn out to be stored, listeners are told then.
 */
export async function sendMessage(core: Core, input: SendMessage): Promise<MessageSent> {
  assertClientId(input.clientId);
  const pending = readyToScreen(core, input);
  if (pending !== null) await pending;
  let said: Screened;
  try {
    said = screened(core, input);
  } catch (error) {
    // A repeat whose first answer was lost: the word may have come to the list in between.
    const first = await findFirst(core, input);
    if (first === null) throw error;
    return toRepeat(input, first);
  }
  return sendScreened(core, said);
}

function screened(core: Core, input: SendMessage): Screened {
  const { content, original } = screenContent(core, input);
  if (original === undefined) return input;
  assertMessageSize(core, content);
  return { ...input, content, original };
}

const findFirst = async (core: Core, { conversation, senderId, clientId }: SendMessage) =>
  clientId === undefined ? null : core.store.findSent(conversation.id, senderId, clientId);

async function sendScreened(core: Core, input: Screened): Promise<MessageSent> {
  const { conversation, senderId, type, content, clientId = null, isCounted = true, marksRead } = input;
  const extras = hasExtras(input) ? checkExtras(input) : null;
  if (extras !== null && input.quote !== undefined) {
    const quoted = await quoteOrFirst(core, input, input.quote);
    if ("first" in quoted) return toRepeat(input, quoted.first);
    extras.quote = quoted.quote;
  }
  const push = core.pushes.plan(input);
  let appended: Appended;
  try {
    appended = await core.store.append({
      conversationId: conversation.id,
      senderId,
      type,
      content,
      isCounted,
      clientId,
      ...extras,
      marksRead,
      ...(push && { push }),
    });
  } catch (error) {
    onceKnown(error, (late: Appended) => announce(core, input, extras, late, push != null));
    throw error;
  }
  return announce(core, input, extras, appended, push != null);
}

function announce(
  core: Core,
  input: Screened,
  extras: Extras | null,
  appended: Appended,
  isPushed: boolean,
): MessageSent {
  const { sentAt, seq, isRepeat } = appended;
  if (isRepeat) return toRepeat(input, appended);
  const { conversation, senderId, senderData, type, content, clientId, isCounted = true, marksRead } = input;
  const { platform } = input;
  const message: Message = {
    conversationId: conversation.id,
    sentAt,
    seq,
    senderId,
    type,
    content,
    isCounted,
    isActive: true,
    ...extras,
  };
  if (clientId !== undefined) message.clientId = clientId;
  const sent: MessageSent = { kind: "messageSent", conversation, message, senderData, marksRead };
  if (platform !== undefined) sent.platform = platform;
  if (input.original !== undefined) {
    sent.original = input.original;
    core.originals.add(message, input.original);
  }
  core.publish(sent);
  if (isPushed) core.pushes.accept(core, conversation, message, input.push);
  core.log.debug({ user: senderId, conversation: conversation.key, seq }, "message accepted");
  return sent;
}

type Extras = Pick<
  Message,
  "mentions" | "quote" | "toUserIds" | "isHiddenFromSender" | "isNeverLast" | "keys" | "hasFixedKeys"
>;

const extraNames = [
  "mentions",
  "quote",
  "toUserIds",
  "isHiddenFromSender",
  "isNeverLast",
  "keys",
  "hasFixedKeys",
] as const;

const hasExtras = (input: SendMessage): boolean => extraNames.some((name) => input[name] !== undefined);

function checkExtras(input: SendMessage): Extras {
  const { conversation, mentions, toUserIds, keys } = input;
  const extras: Extras = {};
  if (input.isHiddenFromSender) extras.isHiddenFromSender = true;
  if (input.isNeverLast) extras.isNeverLast = true;
  if (input.hasFixedKeys) extras.hasFixedKeys = true;
  if (keys !== undefined) {
    assertKeyValues(keys);
    extras.keys = keys;
  }
  if (mentions !== undefined) extras.mentions = checkMentions(mentions);
  if (toUserIds !== undefined) extras.toUserIds = checkRecipients(conversation, toUserIds);
  return extras;
}

/**
 * What a message answers may have been recalled since it was sent for the first time; a repeat must find that first
 * result nevertheless.
 */
async function quoteOrFirst(core: Core, input: SendMessage, sentAt: Micros) {
  const { conversation, senderId, clientId } = input;
  try {
    return { quote: await quoteMessage(core, conversation, sentAt, input.isByApp ? null : senderId) };
  } catch (error) {
    if (clientId === undefined || !(error instanceof ParlanceError) || error.code !== "invalidInput")
      throw error;
    const first = await core.store.findSent(conversation.id, senderId, clientId);
    if (first === null) throw error;
    return { first };
  }
}

/** What was sent first may have said something else; who repeats wants to know its place. */
function toRepeat(input: SendMessage, { sentAt, seq }: { sentAt: Micros; seq: number }): MessageSent {
  const { conversation, senderId, senderData, type, content, isCounted = true, marksRead } = input;
  const conversationId = conversation.id;
  const message = { conversationId, sentAt, seq, senderId, type, content, isCounted, isActive: true };
  return { kind: "messageSent", conversation, message, senderData, marksRead, isRepeat: true };
}

const longestClientId = 64;

/** Throws `invalidInput` for one that is empty, longer than 64 characters, or holds half a surrogate pair or a NUL. */
export function assertClientId(clientId: string | undefined): void {
  if (clientId === undefined) return;
  const isFine = clientId.length > 0 && clientId.length <= longestClientId && clientId.isWellFormed();
  if (!isFine || clientId.includes("\0"))
    throw new ParlanceError("invalidInput", { clientId: `Give 1 to ${longestClientId} characters.` });
}

/** Throws `invalidInput` with the limit when a text is longer than the app may send. */
export function assertMessageSize(core: Core, text: string): void {
  const limit = core.limits.messageBytes;
  // A UTF-16 unit takes at most 3 bytes, so short texts need no counting.
  if (text.length * 3 <= limit || Buffer.byteLength(text) <= limit) return;
  throw new ParlanceError("invalidInput", { message: `Ensure this field has no more than ${limit} bytes.` });
}
