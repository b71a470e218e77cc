/**
 * Whom each kind of event is for. A kind that is missing here does not compile, and one that is for `everyNode` costs
 * every node: it is for what is rare.
 */

import type { CoreEvent } from "../events.ts";
import { conversationKey, userKey } from "./keys.ts";

type Kind = CoreEvent["kind"];
type EventOf<K extends Kind> = Extract<CoreEvent, { kind: K }>;
type KeysOf<K extends Kind> = (appId: number, event: EventOf<K>) => number[];

type InConversation = {
  [K in Kind]: EventOf<K> extends { conversation: { id: number } } ? K : never;
}[Kind];

/** Nodes where somebody hears the conversation. */
const listeners = (appId: number, event: EventOf<InConversation>): number[] => [
  conversationKey(appId, event.conversation.id),
];
/** Nodes where the user is online. */
const user = (appId: number, event: { userId: string }): number[] => [userKey(appId, event.userId)];
const users = (appId: number, event: { userIds: string[] }): number[] =>
  event.userIds.map((userId) => userKey(appId, userId));

/** They themselves, and the others in the conversation. */
const usersAndListeners = (appId: number, event: EventOf<"membersAdded" | "membersRemoved">): number[] => [
  ...users(appId, event),
  ...listeners(appId, event),
];

/** A user, and the conversations where people know them: a bounded number. */
const userAndTalks = (appId: number, event: EventOf<"userChanged">): number[] => [
  ...user(appId, event),
  ...event.conversationIds.map((id) => conversationKey(appId, id)),
];

export const everyNode = "everyNode";

const addresses: { [K in Kind]: KeysOf<K> | typeof everyNode } = {
  messageSent: listeners,
  messageChanged: listeners,
  // Made where it is delivered.
  entryPassed: listeners,
  signalSent: listeners,
  readMarkMoved: listeners,
  membersAdded: usersAndListeners,
  membersRemoved: usersAndListeners,
  chatroomEntered: users,
  chatroomLeft: users,
  chatroomMembersChanged: listeners,
  chatroomKeysChanged: listeners,
  // Any node may have it in its cache.
  conversationDeleted: everyNode,
  groupRulesChanged: everyNode,
  conversationChanged: user,
  userChanged: userAndTalks,
  sessionClosed: user,
  deviceConnected: user,
  // A few a second at most, whatever comes and goes.
  presenceChanged: everyNode,
  presenceWanted: everyNode,
};

/** The keys of whom it is for, or `everyNode`. */
export const addressOf = (appId: number, event: CoreEvent): readonly number[] | typeof everyNode => {
  const address = addresses[event.kind] as KeysOf<Kind> | typeof everyNode;
  return address === everyNode ? everyNode : address(appId, event as never);
};

/** Only what concerns one conversation's listeners may travel on a subject of its own. */
export const mayHaveOwnSubject = (event: CoreEvent): boolean => addresses[event.kind] === listeners;
