/** The client of Parlance: `connect`, and what it returns. */

export type {
  Change,
  ChatroomKey,
  ConversationKind,
  ConversationRef,
  ConversationState,
  Mentions,
  Message,
  MessageTypeName,
  Position,
  Presence,
  User,
} from "@parlance/protocol";
export type { Cache } from "./cache/cache.ts";
export { IndexedDbCache } from "./cache/indexed-db-cache.ts";
export { MemoryCache } from "./cache/memory-cache.ts";
export type { FrameCodec } from "./connection/codec.ts";
export type { Status, Stopped, Token } from "./connection/connection.ts";
export type { Socket, SocketConstructor } from "./environment.ts";
export { type LocalErrorName, ParlanceError } from "./error.ts";
export type { Chatroom } from "./public/chatroom.ts";
export type { Client } from "./public/client.ts";
export type { ChatroomEvents, ClientEvents, ConversationEvents } from "./public/client-events.ts";
export { type ConnectOptions, connect } from "./public/connect.ts";
export type { NewMessage, SendOptions } from "./public/content.ts";
export type { Conversation } from "./public/conversation.ts";
export type { ShownMessage } from "./public/shown-message.ts";
