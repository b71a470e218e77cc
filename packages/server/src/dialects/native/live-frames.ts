/** What listeners are told of at once, as event frames. */

import { type EventData, type EventName, limits } from "@parlance/protocol";
import type { CoreEvent, MessageSent } from "../../core/events.ts";
import type { Message } from "../../ports/store.ts";
import { refFor } from "./conversations.ts";
import { toChatroomKey } from "./wire-chatroom.ts";
import { toChange, toMessage, toPassed } from "./wire-entry.ts";

export interface LiveFrame {
  event: EventName;
  data: object;
}

export const eventFrame = <Name extends EventName>(event: Name, data: EventData<Name>): LiveFrame => ({
  event,
  data: data as object,
});

/** Null: nothing is told. `userId` null: it is for everybody who hears it and does not see it otherwise. */
export function liveFrame(event: CoreEvent, userId: string | null): LiveFrame | null {
  switch (event.kind) {
    case "messageSent": {
      const { senderData, marksRead } = event;
      const message = asSeenBy(userId, event);
      return eventFrame("message", {
        conversation: refFor(event.conversation, userId),
        ...toMessage(message, senderData, userId),
        ...(marksRead && message.senderId !== null ? { marksRead: true } : {}),
      });
    }
    case "messageChanged":
      return eventFrame("change", {
        conversation: refFor(event.conversation, userId),
        ...toChange(event.change),
      });
    case "entryPassed":
      return eventFrame("message", {
        conversation: refFor(event.conversation, userId),
        ...toPassed(event.seq, event.sentAt),
      });
    case "signalSent":
      return eventFrame("signal", {
        conversation: refFor(event.conversation, userId),
        from: event.senderId,
        type: event.type,
        content: JSON.parse(event.content),
        sentAt: event.at * 1000,
      });
    case "readMarkMoved": {
      const { sentAt, seq } = event;
      return eventFrame("readMark", {
        conversation: refFor(event.conversation, userId),
        userId: event.userId,
        sentAt,
        seq,
      });
    }
    case "membersAdded":
      return membersFrame(event.conversation, event.userIds, []);
    case "membersRemoved":
      return membersFrame(event.conversation, [], event.userIds);
    case "chatroomLeft":
      return eventFrame("chatroom", { conversation: refFor(event.conversation, null), kind: "left" });
    case "chatroomMembersChanged": {
      const { names, memberCount } = event;
      const conversation = refFor(event.conversation, null);
      return eventFrame("chatroom", { conversation, kind: "members", ...names, memberCount });
    }
    case "chatroomKeysChanged":
      return eventFrame("chatroom", {
        conversation: refFor(event.conversation, null),
        kind: "keys",
        keys: event.keys.map(toChatroomKey),
      });
    case "conversationDeleted":
      if (event.conversation.kind === "chatroom")
        return eventFrame("chatroom", { conversation: refFor(event.conversation, null), kind: "destroyed" });
      return eventFrame("conversation", {
        conversation: refFor(event.conversation, userId),
        isRemoved: true,
        changedAt: Date.now() * 1000,
      });
    case "noticeGiven": {
      const { notice, conversation, at } = event;
      return eventFrame("notice", {
        ...notice,
        ...(conversation === null ? {} : { conversation: refFor(conversation, null) }),
        at: at * 1000,
      });
    }
    default:
      return null;
  }
}

/** Its author goes on seeing what they wrote, until they read the log. */
function asSeenBy(userId: string | null, { message, original }: MessageSent): Message {
  return original === undefined || message.senderId !== userId ? message : { ...message, content: original };
}

/** Who belongs to a direct or a system conversation never changes. Of large sets nobody is named. */
function membersFrame(
  conversation: Extract<CoreEvent, { kind: "membersAdded" }>["conversation"],
  added: string[],
  removed: string[],
): LiveFrame | null {
  if (conversation.kind !== "group") return null;
  const isLarge = added.length + removed.length > limits.membersPage;
  return eventFrame("membersChanged", {
    conversation: refFor(conversation, null),
    added: isLarge ? [] : added,
    removed: isLarge ? [] : removed,
  });
}

/** A direct conversation has another name for each of the two; an author is told the client id, and sees what they wrote. */
export function isSeenOtherwise(event: CoreEvent, userId: string): boolean {
  if (!("conversation" in event) || event.conversation === null) return false;
  if (event.conversation.kind === "direct") return true;
  if (event.kind !== "messageSent" || event.message.senderId !== userId) return false;
  return event.message.clientId !== undefined || event.original !== undefined;
}
