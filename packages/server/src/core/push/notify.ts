import type { Push, PushProvider } from "../../ports/push.ts";
import type { Conversation, Message } from "../../ports/store.ts";
import type { MuteLevel } from "../../ports/store-conversations.ts";
import type { PushTarget } from "../../ports/store-push.ts";
import { readPair } from "../conversations/direct.ts";
import type { Core } from "../core.ts";
import { composePushes, type Notice, needsBadge, wordsOf } from "./compose.ts";
import { type HandedOver, handOver } from "./hand-over.ts";
import { isWanted, type Occasion } from "./is-wanted.ts";
import { minutesOf } from "./preferences.ts";
import type { PushWish } from "./push-wish.ts";
import { recipientsOf } from "./recipients.ts";
import { withoutShutOut } from "./shut-out.ts";

/** Receivers whose unread messages are counted for one message; those of more are told no number. */
const mostCounted = 20;
/** Conversations, those first that were written in last, and messages of each, that such a number counts. */
const countedTalks = 100;
const countedMessages = 100;

/** Decides who is notified of a message and hands it to the provider, a page of receivers at a time. */
export async function notify(
  core: Core,
  provider: PushProvider,
  { conversation, message, wish }: { conversation: Conversation; message: Message; wish: PushWish },
): Promise<HandedOver> {
  const all: HandedOver = { sent: 0, failed: [] };
  const text = wordsOf(message, wish);
  if (text === null && !wish.isContentAvailable) return all;
  let notice: Notice | undefined;
  const occasion: Occasion = {
    kind: conversation.kind,
    mentions: message.mentions,
    fallback: Number(core.settings.pushLevel) as MuteLevel,
    now: Date.now(),
    zoneMinutes: minutesOf(core.settings.timeZone),
  };
  const about = { conversationId: conversation.id, senderId: message.senderId, evenOnline: false };
  for await (const page of recipientsOf(core, conversation, message)) {
    const offline = (await core.store.findPushTargets(page, about)).filter(
      ({ userId }) => !core.pushes.isHere(core, userId),
    );
    const reached = await withoutShutOut(core, offline);
    const following = await followersAmong(core, conversation, message, reached);
    const targets = reached.filter((one) => following.has(one.userId) || isWanted(one, occasion));
    if (targets.length === 0) continue;
    notice ??= { conversation, message, wish, text, ...(await namesFor(core, conversation, message)) };
    const pushes: Push[] = [];
    for (const target of targets) {
      const unread =
        needsBadge(notice) && targets.length <= mostCounted ? await countUnread(core, target) : null;
      pushes.push(...composePushes(core, notice, target, unread));
    }
    const { sent, failed } = await handOver(core, provider, pushes);
    all.sent += sent;
    all.failed.push(...failed);
  }
  return all;
}

const nobody: ReadonlySet<string> = new Set();

/** Who follows somebody in a group hears of them whatever else is set. */
async function followersAmong(
  core: Core,
  { kind, id }: Conversation,
  { senderId }: Message,
  reached: readonly PushTarget[],
): Promise<ReadonlySet<string>> {
  if (kind !== "group" || senderId === null || reached.length === 0) return nobody;
  const userIds = reached.map(({ userId }) => userId);
  return new Set(await core.store.findFollowers(id, senderId, userIds));
}

async function namesFor(core: Core, conversation: Conversation, message: Message) {
  // In system conversations the app itself speaks, under the name that the conversation has.
  const senderId = conversation.kind === "system" ? readPair(conversation.key)[0] : message.senderId;
  const groupKey = conversation.kind === "group" ? conversation.key : null;
  const names =
    senderId === null
      ? { name: null, groupRemark: null }
      : await core.store.findPushNames(senderId, groupKey);
  const [group] = groupKey === null ? [] : await core.store.findGroupNames([groupKey]);
  return { names, groupName: group?.name ?? null };
}

async function countUnread(core: Core, { userId }: PushTarget): Promise<number> {
  const talks = await core.store.listLatestTalks([userId], countedTalks);
  const ids = talks.map(({ conversationId }) => conversationId);
  const counts = await core.store.countUnread(ids, userId, countedMessages);
  return counts.reduce((sum, count) => sum + count, 0);
}
