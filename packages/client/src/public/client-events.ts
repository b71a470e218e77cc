import type { ConversationRef, ConversationState, EventData, Message, Presence } from "@parlance/protocol";
import type { Status, Stopped } from "../connection/connection.ts";

/** What `client.on` tells. */
export interface ClientEvents {
  /** `stopped` says why, where the client will not come back by itself. */
  status: { status: Status; stopped?: Stopped };
  /** After a connect: everything that was missed is in. */
  synced: object;
  /** Something in `client.conversations` changed; once for all changes of a moment. */
  conversations: object;
  /** One conversation changed; null: it left the list. */
  conversation: { conversation: ConversationRef; state: ConversationState | null };
  /** A message arrived now, from anyone; what was missed while offline is not told one by one. */
  message: { conversation: ConversationRef; message: Message };
  /** An earlier message changed now. */
  change: EventData<"change">;
  /** Something that is not kept: a status message, or a type of the app's own. Typing has its own event. */
  signal: EventData<"signal">;
  /** Who is typing in a conversation now. */
  typing: { conversation: ConversationRef; userIds: string[] };
  /** Somebody's read mark moved. */
  readMark: EventData<"readMark">;
  /** Members of a group came or went. */
  members: EventData<"membersChanged">;
  /** What the app wants shown of a user changed. */
  user: EventData<"user">;
  /** Watched users came or went. */
  presence: Presence[];
  /** The app changed a profile, friends, or facts of a group. What was missed while offline is not told later. */
  notice: EventData<"notice">;
}

/** What `conversation.on` tells. */
export interface ConversationEvents {
  /** `conversation.messages` changed. */
  messages: object;
  /** `conversation.state` changed. */
  state: object;
  /** `conversation.typing` changed. */
  typing: object;
}

/** What `chatroom.on` tells. */
export interface ChatroomEvents {
  /** `chatroom.messages` changed. */
  messages: object;
  /** `chatroom.keys` changed. */
  keys: object;
  /** Somebody came or went. */
  members: { joined: string[]; left: string[]; memberCount: number };
  /** Joined again after a lost connection. */
  rejoined: object;
  /** It is over: destroyed, left on another device, or not allowed any more. */
  left: { reason: string };
}
