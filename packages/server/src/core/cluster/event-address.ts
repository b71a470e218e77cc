/**
 * Whom each kind of event is for. A kind that is missing here does not compile, and one that is for `everyNode` costs
 * every node: it is for what is rare.
 */

import type { CoreEvent } from "../events.ts";
import { conversationKey, userKey } from "./keys.ts";

type Kind = CoreEvent["kind"];
type EventOf<K extends Kind> = Extract<CoreEvent, { kind: K }>;
export const everyNode = "everyNode";
type Address = readonly number[] | typeof everyNode;
type KeysOf<K extends Kind> = (appId: number, event: EventOf<K>) => Address;

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

/** What is everybody's goes to all nodes: some may not have heard of the conversation, and all have listeners for it. */
const listenersOrAll = (appId: number, event: EventOf<InConversation>): Address =>
  event.conversation.admission === "everyone" ? everyNode : listeners(appId, event);

/** How far somebody has read is told to the others in the conversation, unless these are everybody. */
const readersOrSelf = (appId: number, event: EventOf<"readMarkMoved">): number[] =>
  event.conversation.admission === "everyone" ? user(appId, event) : listeners(appId, event);

/** They themselves, and the others in the conversation. */
const usersAndListeners = (appId: number, event: EventOf<"membersAdded" | "membersRemoved">): number[] => [
  ...users(appId, event),
  ...listeners(appId, event),
];

/** Listeners, and those who are about to be. It is kept nowhere, so that nobody reads it later. */
const signalled = (appId: number, event: EventOf<"signalSent">): Address => {
  const address = listenersOrAll(appId, event);
  if (address === everyNode || event.joinedIds === undefined) return address;
  return [...address, ...users(appId, { userIds: event.joinedIds })];
};

/** A user, and the conversations where people know them: a bounded number. */
const userAndTalks = (appId: number, event: EventOf<"userChanged">): number[] => [
  ...user(appId, event),
  ...event.conversationIds.map((id) => conversationKey(appId, id)),
];

/** Those who are named, and the others in the conversation where it is for all of them. */
const namedAndListeners = (appId: number, event: EventOf<"noticeGiven">): number[] => [
  ...users(appId, { userIds: event.toUserIds }),
  ...(event.isForAll && event.conversation !== null ? [conversationKey(appId, event.conversation.id)] : []),
];

const addresses: { [K in Kind]: KeysOf<K> | typeof everyNode } = {
  messageSent: listenersOrAll,
  messageChanged: listenersOrAll,
  // Made where it is delivered.
  entryPassed: listeners,
  signalSent: signalled,
  readMarkMoved: readersOrSelf,
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
  noticeGiven: namedAndListeners,
  sessionClosed: user,
  userShutOut: user,
  // Any node may have it in its memory; back ends change lists a few times a second at most.
  directRulesChanged: everyNode,
  deviceConnected: user,
  // A few a second at most, whatever comes and goes.
  presenceChanged: everyNode,
  presenceWanted: everyNode,
};

/** The keys of whom it is for, or `everyNode`. */
export const addressOf = (appId: number, event: CoreEvent): Address => {
  const address = addresses[event.kind] as KeysOf<Kind> | typeof everyNode;
  return address === everyNode ? everyNode : address(appId, event as never);
};

const toListeners: ReadonlySet<unknown> = new Set([listeners, listenersOrAll, readersOrSelf, signalled]);

/** Only what concerns one conversation's listeners may travel on a subject of its own. */
export const mayHaveOwnSubject = (event: CoreEvent): boolean =>
  toListeners.has(addresses[event.kind]) &&
  !("conversation" in event && event.conversation?.admission === "everyone") &&
  !("joinedIds" in event && event.joinedIds !== undefined);
