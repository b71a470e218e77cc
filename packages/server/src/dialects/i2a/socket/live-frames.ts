import type { Core } from "../../../core/core.ts";
import type { CoreEvent, MessageChanged, MessageSent } from "../../../core/events.ts";
import { readText } from "../../../core/messages/text-message.ts";
import type { Conversation, Micros } from "../../../ports/store.ts";
import { isMass, isRoom } from "../rooms.ts";
import { wireId, wireTime } from "../wire-ids.ts";

/**
 * Frames that arrive unasked. Times are numbers here, written as digits because they don't fit a double.
 * A sent message is two frames: the message, echoed to its author too, and the author's read mark. `userId` null: for
 * those who don't see it otherwise.
 */
export function liveFrames(core: Core, event: CoreEvent, userId: string | null): readonly string[] {
  if ("conversation" in event && event.conversation !== null && !isRoom(event.conversation)) return [];
  switch (event.kind) {
    case "messageSent":
      return messageFrames(core, event, userId);
    case "readMarkMoved":
      return [readMarkFrame(core, event.conversation, event.userId, event.sentAt, event.userData)];
    case "messageChanged":
      return changeFrames(core, event);
    default:
      return [];
  }
}

/** The author of a message in which words were replaced goes on seeing what they wrote, until they read history. */
export const isSeenOtherwise = (event: CoreEvent, userId: string): boolean =>
  event.kind === "messageSent" && event.original !== undefined && event.message.senderId === userId;

function messageFrames(core: Core, event: MessageSent, userId: string | null): string[] {
  const { conversation, message, senderData, original } = event;
  // Both frames share these, so they are written once.
  const position = `${roomField(core, conversation)},${timeField(message.sentAt)}`;
  const content = original !== undefined && message.senderId === userId ? original : message.content;
  const text = JSON.stringify(readText({ type: message.type, content }));
  if (message.senderId === null) return [`{"type":"SYSTEM_ROUTABLE",${position},"message":${text}}`];
  const user = userFields(core, message.senderId, senderData);
  const routable = `{"type":"ROUTABLE",${position},"message":${text},${user}}`;
  if (!event.marksRead || isMass(conversation)) return [routable];
  return [routable, `{"type":"SET_LAST_MESSAGE_READ",${position},${user}}`];
}

/** I2A knows of messages that show and messages that don't. What else happens to one is seen in history. */
function changeFrames(core: Core, { conversation, change }: MessageChanged): string[] {
  const { kind, of, isActive } = change;
  if (kind === "modify" || kind === "setKeys" || kind === "removeKeys") return [];
  return [`{"type":"SET_ACTIVE",${roomField(core, conversation)},${timeField(of)},"is_active":${isActive}}`];
}

export function readMarkFrame(
  core: Core,
  conversation: Conversation,
  userId: string,
  sentAt: Micros,
  userData: string | null,
): string {
  const position = `${roomField(core, conversation)},${timeField(sentAt)}`;
  return `{"type":"SET_LAST_MESSAGE_READ",${position},${userFields(core, userId, userData)}}`;
}

/** A conversation keeps its id, so its field is written once for as long as it is remembered. */
const roomFields = new WeakMap<Conversation, string>();

function roomField(core: Core, conversation: Conversation): string {
  const known = roomFields.get(conversation);
  if (known !== undefined) return known;
  const field = `"chat_room_identifier":${JSON.stringify(wireId(conversation.key, core.app.key))}`;
  roomFields.set(conversation, field);
  return field;
}

const timeField = (sentAt: Micros): string => `"message_timestamp_identifier":${wireTime(sentAt)}`;

const userFields = (core: Core, userId: string, userData: string | null): string =>
  `"app_user_identifier":${JSON.stringify(wireId(userId, core.app.key))},"custom_data":${JSON.stringify(userData)}`;
