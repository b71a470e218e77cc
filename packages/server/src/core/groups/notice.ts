import type { Conversation } from "../../ports/store.ts";
import type { GroupChange, GroupChanged } from "../../ports/store-groups.ts";
import type { Core } from "../core.ts";
import { checkMentions } from "../messages/addressing.ts";
import type { Speech } from "../messages/speak.ts";

/** What is stored of a notice, with the change that it is about. */
type StoredNotice = NonNullable<GroupChange["message"]>;

export interface SaidNotice {
  notice: Speech;
  /** Null: it is kept nowhere. */
  stored: StoredNotice | null;
}

/** Throws `invalidInput` for mentions that are none. */
export function planNotice(core: Core, notice: Speech): StoredNotice {
  const {
    fromUserId: senderId,
    type,
    content,
    isCounted,
    isHeardBySender,
    isNeverLast,
    mentions,
    push,
  } = notice;
  const planned = core.pushes.plan({ conversation: { kind: "group" }, type, ...(push && { push }) });
  return {
    senderId,
    type,
    content,
    isCounted,
    marksRead: isHeardBySender,
    hasFixedKeys: true,
    ...(!isHeardBySender && { isHiddenFromSender: true }),
    ...(isNeverLast && { isNeverLast }),
    ...(mentions && { mentions: checkMentions(mentions) }),
    ...(planned && { push: planned }),
  };
}

/** To those who are members with the change, and those who were until then. */
export function tellNotice(
  core: Core,
  conversation: Conversation,
  { message: appended, joined }: GroupChanged,
  { notice, stored }: SaidNotice,
): void {
  const { fromUserId: senderId, senderData, type, content, isHeardBySender } = notice;
  if (stored === null) {
    core.publish({
      kind: "signalSent",
      ...{ conversation, senderId, senderData, type, content, at: Date.now() },
      ...(isHeardBySender && { isForSender: true }),
      ...(joined.length > 0 && { joinedIds: joined }),
    });
    return;
  }
  if (appended === null) return;
  const { sentAt, seq } = appended;
  const { push, marksRead, mentions, quote: _, toUserIds: __, ...said } = stored;
  const place = { conversationId: conversation.id, sentAt, seq, isActive: true };
  const message = { ...place, ...said, ...(mentions && { mentions }) };
  core.publish({ kind: "messageSent", conversation, message, senderData, marksRead });
  if (push) core.pushes.accept(core, conversation, message, notice.push);
}
