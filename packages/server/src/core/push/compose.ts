/** What a notification of a message says, for one receiver. */

import type { Push, PushedMessage } from "../../ports/push.ts";
import type { Conversation, Message } from "../../ports/store.ts";
import type { PushDevice, PushNames, PushTarget } from "../../ports/store-push.ts";
import { nameFor } from "../conversations/conversation-name.ts";
import type { Core } from "../core.ts";
import { messageUid } from "../messages/message-uid.ts";
import { defaultText } from "./default-texts.ts";
import type { PushWish } from "./push-wish.ts";

const longestTitle = 100;
const longestText = 1024;
const longestData = 4096;
const mostBadge = 9999;

/** What is the same for all receivers of one message. */
export interface Notice {
  conversation: Conversation;
  message: Message;
  wish: PushWish;
  /** Its words; null: the app is only woken. */
  text: string | null;
  names: PushNames;
  /** Null: it has none. */
  groupName: string | null;
}

/** The words of a message's notification; null if there are none. */
export const wordsOf = (message: Message, wish: PushWish): string | null =>
  wish.text ?? defaultText(message.type, message.content);

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;

/** Whether a badge has to be counted for the receiver. */
export const needsBadge = ({ wish, message }: Notice): boolean =>
  wish.badge === undefined && message.isCounted;

/** One for each device of the receiver. */
export function composePushes(core: Core, notice: Notice, target: PushTarget, unread: number | null): Push[] {
  const { conversation, message, wish } = notice;
  const about: PushedMessage = {
    kind: conversation.kind,
    conversationId: nameFor(conversation, target.userId).id,
    senderId: message.senderId,
    type: message.type,
    sentAt: message.sentAt,
  };
  const said = sayTo(core, notice, target);
  return target.devices.map((device) => ({
    ...addressOf(core, device),
    ...said,
    id: messageUid(conversation.id, message.sentAt),
    data: wish.data === undefined ? null : cut(wish.data, longestData),
    badge: badgeOf(wish, unread),
    isContentAvailable: wish.isContentAvailable ?? false,
    templateId: wish.templateId ?? null,
    options: wish.providers ?? {},
    about,
  }));
}

export const addressOf = (core: Core, device: PushDevice) => {
  const { userId, deviceId, provider, token, platform, packageName } = device;
  return { app: core.app.key, userId, deviceId, provider, token, platform, packageName };
};

export const titleOf = (title: string): string => cut(title, longestTitle);
export const textOf = (text: string): string => cut(text, longestText);

function sayTo(
  core: Core,
  { conversation, wish, text, names, groupName }: Notice,
  { preferences, remark }: PushTarget,
): { title: string; text: string } {
  if (preferences.hidesDetails && !wish.forcesDetails)
    return { title: titleOf(core.app.name), text: text === null ? "" : core.settings.hiddenPushText };
  const isGroup = conversation.kind === "group";
  const sender = remark ?? (isGroup ? names.groupRemark : null) ?? names.name;
  const title = wish.title ?? (isGroup ? groupName : sender) ?? core.app.name;
  // Who spoke in a group isn't in the title. Words of the sender's are shown as they are.
  const named = isGroup && wish.text === undefined && sender !== null && text !== null;
  return { title: titleOf(title), text: textOf(named ? `${sender}: ${text}` : (text ?? "")) };
}

function badgeOf({ badge }: PushWish, unread: number | null): number | null {
  const shown = badge ?? unread;
  return shown === null || shown < 0 ? null : Math.min(shown, mostBadge);
}
