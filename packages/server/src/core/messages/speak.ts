/**
 * What a back end says: in a user's name, who need not belong to the conversation, or as the app itself. No permission
 * is asked.
 */

import { ParlanceError } from "../../errors.ts";
import type { Conversation, Micros } from "../../ports/store.ts";
import type { Mentions } from "../../ports/store-entries.ts";
import {
  openDirectFor,
  openSystemConversation,
  resolveConversation,
} from "../conversations/conversation-name.ts";
import { removeFromList } from "../conversations/settings.ts";
import type { Core } from "../core.ts";
import type { MessageSent } from "../events.ts";
import type { PushWish } from "../push/push-wish.ts";
import { messageUid, parseMessageUid } from "./message-uid.ts";
import { type SendMessage, sendMessage } from "./send-message.ts";
import { sendOnce } from "./send-once.ts";
import { sendSignal } from "./signals.ts";

export interface Speech {
  fromUserId: string;
  /** What the app wants shown beside that user. */
  senderData: string | null;
  type: string;
  /** JSON text of an object. */
  content: string;
  /** False: for who is online now. */
  isPersisted: boolean;
  isCounted: boolean;
  /** Whether the devices of `fromUserId` hear and list it; then it counts as read by them, as what they send does. */
  isHeardBySender: boolean;
  isNeverLast?: true;
  mentions?: Mentions;
  /** Key-values it has from the start; undefined: it takes none, ever. */
  keys?: Record<string, string>;
  /** In groups: only these see it, and the sender if `isHeardBySender`. */
  toUserIds?: string[];
  /** Uid of the message that it answers; passed over if that isn't in the same conversation. */
  quotedUid?: string;
  /** At most 40 characters: said again in the conversation within a minute, it is a repeat. */
  onceKey?: string;
  push?: PushWish;
}

export interface Spoken {
  uid: string;
  /** It was said before, within the minute, and nobody is told again. */
  isRepeat: boolean;
}

/** Who is spoken to, each alone: by a user, or by the app under the name of one. */
export type SpokenAs = "user" | "app";

/** Where `fromUserId` speaks to the user. Throws `invalidInput` for what can't be an id. */
export async function openFor(
  core: Core,
  as: SpokenAs,
  toUserId: string,
  speech: Speech,
): Promise<Conversation> {
  const { fromUserId } = speech;
  const conversation =
    as === "app"
      ? await openSystemConversation(core, toUserId, fromUserId)
      : await openDirectFor(core, fromUserId, toUserId, isHeard(speech, toUserId));
  if (!speech.isPersisted) await keepUnlisted(core, conversation, toUserId);
  return conversation;
}

/** Who speaks to themselves is to hear it. */
const isHeard = ({ isHeardBySender, fromUserId }: Speech, toUserId: string): boolean =>
  isHeardBySender || fromUserId === toUserId;

/** Throws `invalidInput`, `unavailable`, `outcomeUnknown` as `sendMessage` does. */
export async function speakToUser(core: Core, toUserId: string, speech: Speech): Promise<Spoken> {
  const conversation = await openFor(core, "user", toUserId, speech);
  return speakIn(core, conversation, { ...speech, isHeardBySender: isHeard(speech, toUserId) });
}

/** A group that nobody has made has nobody in it: nothing is stored, and the uid is nobody's. */
export async function speakInGroup(core: Core, groupId: string, speech: Speech): Promise<Spoken> {
  const conversation = await resolveConversation(core, "", { kind: "group", id: groupId }).catch(ifThere);
  if (conversation === null) return { uid: messageUid(0, Date.now() * 1000), isRepeat: false };
  return speakIn(core, conversation, speech);
}

/** Null for a conversation that is not there. */
export function ifThere(error: unknown): null {
  if (error instanceof ParlanceError && error.code === "conversationNotFound") return null;
  throw error;
}

/** A conversation that only signals were sent in is not on a list. */
async function keepUnlisted(core: Core, conversation: Conversation, userId: string): Promise<void> {
  if (Date.now() - conversation.createdAt > 60_000) return;
  const [head] = await core.store.findHeads([conversation.id]);
  if (head?.seq === 0) await removeFromList(core, userId, conversation);
}

export async function speakIn(core: Core, conversation: Conversation, speech: Speech): Promise<Spoken> {
  const { fromUserId, senderData, type, content, isHeardBySender, toUserIds } = speech;
  const senderId = conversation.kind === "system" ? null : fromUserId;
  const author = { conversation, senderId, senderData, type, content };
  if (!speech.isPersisted) {
    const to = toUserIds ? { toUserIds } : {};
    sendSignal(core, { ...author, ...to, ...(isHeardBySender ? { isForSender: true } : {}) });
    return { uid: messageUid(conversation.id, Date.now() * 1000), isRepeat: false };
  }
  const { mentions, keys, isNeverLast, onceKey, push } = speech;
  const isHidden = senderId !== null && !isHeardBySender;
  const input: SendMessage = {
    ...author,
    isByApp: true,
    isCounted: speech.isCounted,
    marksRead: senderId !== null && isHeardBySender,
    ...(isHidden && { isHiddenFromSender: true }),
    ...(isNeverLast && { isNeverLast }),
    ...(mentions && { mentions }),
    ...(toUserIds && { toUserIds }),
    ...(push && { push }),
    ...(keys === undefined ? { hasFixedKeys: true } : Object.keys(keys).length > 0 && { keys }),
  };
  const quoted = quotedIn(conversation, speech.quotedUid);
  const say = (more: Partial<SendMessage>): Promise<MessageSent> =>
    onceKey === undefined
      ? sendMessage(core, { ...input, ...more })
      : sendOnce(core, { ...input, ...more }, onceKey);
  const sent = await (quoted === undefined
    ? say({})
    : say({ quote: quoted }).catch((error) => sayWithout(error, say)));
  return { uid: messageUid(conversation.id, sent.message.sentAt), isRepeat: sent.isRepeat ?? false };
}

function quotedIn({ id }: Conversation, uid: string | undefined): Micros | undefined {
  const parsed = uid === undefined ? null : parseMessageUid(uid);
  return parsed?.isOf(id) ? parsed.sentAt : undefined;
}

/** What it answers isn't there any more: it is said nevertheless. */
function sayWithout(error: unknown, say: (more: Partial<SendMessage>) => Promise<MessageSent>) {
  const isQuote = error instanceof ParlanceError && error.code === "invalidInput" && "quote" in error.details;
  if (!isQuote) throw error;
  return say({});
}
