/** One table of limits. The schemas take their bounds from here; `welcome` tells those that an installation may change. */

export interface LimitRow {
  value: number;
  unit: string;
  sentence: string;
}

export const limitTable = {
  frameBytes: { value: 131_072, unit: "bytes", sentence: "The largest frame a client may send." },
  contentBytes: {
    value: 122_880,
    unit: "bytes",
    sentence: "The largest content of a message that a client sends, as JSON text.",
  },
  frameDepth: { value: 32, unit: "levels", sentence: "How deep objects and lists may nest in a frame." },
  openRequests: {
    value: 100,
    unit: "requests",
    sentence: "Requests of a connection that may wait for a reply.",
  },
  requestId: { value: 2_147_483_648, unit: "", sentence: "The highest id of a request; the lowest is 1." },
  userIdCharacters: { value: 255, unit: "characters", sentence: "The longest id of a user." },
  conversationIdCharacters: { value: 400, unit: "characters", sentence: "The longest id of a conversation." },
  clientIdCharacters: { value: 64, unit: "characters", sentence: "The longest client id of a send." },
  typeCharacters: { value: 64, unit: "characters", sentence: "The longest name of a type." },
  mentionedUsers: { value: 100, unit: "users", sentence: "Users that one message may mention by name." },
  directedUsers: { value: 100, unit: "users", sentence: "Users that a directed message may go to." },
  excerptBytes: { value: 1024, unit: "bytes", sentence: "The largest content shown of a quoted message." },
  lastMessageBytes: {
    value: 8192,
    unit: "bytes",
    sentence: "The largest last message, content and keys, that a conversation's state shows whole.",
  },
  messageKeys: { value: 300, unit: "keys", sentence: "Keys on one message." },
  messageKeysPerCall: {
    value: 100,
    unit: "keys",
    sentence: "Keys on a message that one call may set or remove.",
  },
  messageKeyCharacters: { value: 32, unit: "characters", sentence: "The longest key on a message." },
  messageValueCharacters: {
    value: 4096,
    unit: "characters",
    sentence: "The longest value of a key on a message.",
  },
  historyPage: { value: 100, unit: "messages", sentence: "Messages on one page of history." },
  sincePage: { value: 1000, unit: "entries", sentence: "Entries that one `message.since` returns." },
  sinceBehind: {
    value: 1000,
    unit: "entries",
    sentence: "How far behind `message.since` may begin; farther back the answer is `tooOld`.",
  },
  readersPage: { value: 100, unit: "users", sentence: "Readers on one page." },
  membersPage: { value: 100, unit: "users", sentence: "Members on one page." },
  conversationsPage: { value: 100, unit: "conversations", sentence: "Conversations on one page." },
  unreadCount: {
    value: 1000,
    unit: "messages",
    sentence: "Where the server stops counting what is unread, and mentions.",
  },
  draftCharacters: {
    value: 4096,
    unit: "characters",
    sentence: "The longest draft, and as many bytes of UTF-8.",
  },
  tags: { value: 20, unit: "tags", sentence: "Tags of one user." },
  tagCharacters: { value: 15, unit: "characters", sentence: "The longest name of a tag." },
  muteLevel: { value: 5, unit: "", sentence: "The highest mute level; 0 tells everything." },
  deletedMessages: {
    value: 100,
    unit: "messages",
    sentence: "Messages that one `message.deleteMine` may name.",
  },
  platformCharacters: { value: 16, unit: "characters", sentence: "The longest name of a platform." },
  watchedPerCall: { value: 200, unit: "users", sentence: "Users that one `presence.watch` may name." },
  watchedUsers: { value: 1000, unit: "users", sentence: "Users whose presence a connection may watch." },
  watchSeconds: { value: 86_400, unit: "seconds", sentence: "The longest watch of presence." },
  usersPerCall: { value: 100, unit: "users", sentence: "Users that one `user.get` may name." },
  chatroomHistory: { value: 50, unit: "messages", sentence: "Messages that joining a chatroom may bring." },
  joinedChatrooms: { value: 20, unit: "chatrooms", sentence: "Chatrooms that one connection may be in." },
  chatroomMembers: { value: 100, unit: "users", sentence: "Members of a chatroom on one page." },
  chatroomKeys: { value: 100, unit: "keys", sentence: "Keys of one chatroom." },
  chatroomKeysPerCall: {
    value: 10,
    unit: "keys",
    sentence: "Keys of a chatroom that one call may set or remove.",
  },
  chatroomKeyCharacters: { value: 128, unit: "characters", sentence: "The longest key of a chatroom." },
  chatroomValueCharacters: {
    value: 4096,
    unit: "characters",
    sentence: "The longest value of a chatroom's key.",
  },
  pushTokenCharacters: {
    value: 4096,
    unit: "characters",
    sentence: "The longest address that a device registers for notifications.",
  },
  replySeconds: {
    value: 30,
    unit: "seconds",
    sentence: "A server replies within this time, if only to refuse with `unavailable`.",
  },
} as const satisfies Record<string, LimitRow>;

export type LimitName = keyof typeof limitTable;

export const limits = Object.fromEntries(
  Object.entries(limitTable).map(([name, row]) => [name, row.value]),
) as { readonly [Name in LimitName]: (typeof limitTable)[Name]["value"] };
