import type { Core } from "../../core/core.ts";
import type { HistoryEntry } from "../../core/messages/list-history.ts";
import { readText } from "../../core/messages/text-message.ts";
import type { Conversation } from "../../ports/store.ts";
import { wireId, wireTime } from "./wire-ids.ts";

export interface HistoryItem {
  chat_room_identifier: string;
  message: string;
  /** A string here, unlike in live frames: so the real service does. */
  message_timestamp_identifier: string;
  is_system_message: boolean;
  app_user_identifier?: string;
  custom_data?: string | null;
}

/** One message as history shows it; a system message has no author and no custom data. */
export function historyItem(core: Core, room: Conversation, entry: HistoryEntry): HistoryItem {
  const { message, senderData } = entry;
  const item = {
    chat_room_identifier: wireId(room.key, core.app.key),
    message: readText(message),
    message_timestamp_identifier: wireTime(message.sentAt),
    is_system_message: message.senderId === null,
  };
  if (message.senderId === null) return item;
  return {
    ...item,
    app_user_identifier: wireId(message.senderId, core.app.key),
    custom_data: senderData,
  };
}
