/** Shapes the page's modules share. Types only: browsers never load this file. */

/** Nanoseconds since the Unix epoch as decimal digits: both id and time of a message. See ids.js. */
export type MessageId = string;

export interface Person {
  id: string;
  name: string;
  initials: string;
  hue: number;
}

/** A room as our own back end tells it. */
export interface RoomInfo {
  id: number;
  chat_room_identifier: string;
  name: string;
  type: number;
  is_owner: boolean;
  is_member: boolean;
  member_count: number;
  members: Person[];
}

export interface Message {
  id: MessageId;
  /** Full id of the author; null when the system speaks. */
  author: string | null;
  /** What the author's custom data says of them. */
  name: string;
  initials: string;
  hue: number;
  text: string;
}

/** A message on its way. It stays until its echo is seen, because only the echo says that it is stored. */
export interface Outgoing {
  localId: string;
  text: string;
  /** `waiting`: not sent yet. `sent`: sent on this or an earlier connection, no echo yet. */
  state: "waiting" | "sent" | "failed";
  /** Its echo, if there is one, has a greater id than this. */
  after: MessageId;
  at: number;
}

export interface RoomState {
  info: RoomInfo;
  key: string;
  /** Ascending and without gaps. */
  messages: Message[];
  /** The first message of the room is among `messages`. */
  hasStart: boolean;
  /** `messages` reach up to now, so that live messages may be appended. */
  isCurrent: boolean;
  /** Live messages that came while history was being pulled; null while it is not. */
  arrivals: Message[] | null;
  lastId: MessageId;
  lastText: string;
  unread: number;
  /** How far each user has read, by full user id. */
  marks: Map<string, MessageId>;
  outbox: Outgoing[];
}

/** A frame from the socket; which fields there are depends on the type. */
export interface Frame {
  type: string;
  chat_room_identifier?: string;
  app_user_identifier?: string;
  message_timestamp_identifier?: number | string | null;
  message?: string;
  custom_data?: string | null;
  is_system_message?: boolean;
  is_active?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: items differ by type and come from outside
  payload?: any[];
  exception?: { message: string; error_code: number; extra: { chat_room_identifier?: string } | null };
}

export type ConnectionState = "connecting" | "connected" | "waiting" | "replaced" | "stopped";
