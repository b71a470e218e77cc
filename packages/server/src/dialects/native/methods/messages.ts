import { limits, type ParamsOf, type ResultOf } from "@parlance/protocol";
import { deleteOwn } from "../../../core/conversations/settings.ts";
import type { Core } from "../../../core/core.ts";
import { findUserData, type HistoryQuery, listHistory } from "../../../core/messages/list-history.ts";
import { listLog } from "../../../core/messages/list-log.ts";
import { listReaders } from "../../../core/reading/readers.ts";
import type { Conversation } from "../../../ports/store.ts";
import { listed, readable } from "../conversations.ts";
import { Refusal } from "../refusal.ts";
import { toEntry, toMessage } from "../wire-entry.ts";
import { type Call, read, write } from "./method.ts";

const historyByDefault = 50;

async function history(
  { connection }: Call,
  { conversation: ref, before, after, limit = historyByDefault }: ParamsOf<"message.history">,
): Promise<ResultOf<"message.history">> {
  const { core, user } = connection;
  const conversation = await readable(connection, ref);
  // The log as it ends now: what comes meanwhile is told live, and a change of what is on the page harmlessly again.
  const [head] = await core.store.findHeads([conversation.id]);
  const end = Math.min(before ?? Number.MAX_SAFE_INTEGER, (head?.sentAt ?? 0) + 1);
  const isForward = after !== undefined;
  const view = { userId: user.userId, withRecalled: true, isForward };
  const query: HistoryQuery = { ...view, before: end, limit, ...(isForward && { after }) };
  const page = await listHistory(core, conversation, query);
  const last = page.at(-1)?.message;
  let hasMore = false;
  // A page of large messages ends before it is full.
  if (last) {
    const { sentAt } = last;
    const beyond = isForward ? { ...view, after: sentAt } : view;
    const bound = isForward ? end : sentAt;
    hasMore = (await core.store.listMessages(conversation.id, bound, 1, beyond)).length > 0;
  }
  const messages = page.map(({ message, senderData }) => toMessage(message, senderData, user.userId));
  return { messages: isForward ? messages : messages.reverse(), hasMore, headSeq: head?.seq ?? 0 };
}

async function since(
  { connection }: Call,
  { conversation: ref, afterSeq, limit = limits.sincePage }: ParamsOf<"message.since">,
): Promise<ResultOf<"message.since">> {
  const { core, user } = connection;
  const conversation = await readable(connection, ref);
  const page = await listLog(core, conversation, user.userId, afterSeq, limit);
  // Who is ahead of the log has read one that is not there any more.
  if (page === null || page.lastSeq < afterSeq) throw new Refusal("tooOld");
  const senders = page.entries.map((entry) => ("message" in entry ? entry.message.senderId : null));
  const data = await findUserData(core.store, senders);
  return {
    entries: page.entries.map((entry) => toEntry(entry, data, user.userId)),
    throughSeq: page.lastSeq,
    hasMore: page.hasMore,
  };
}

async function get(
  { connection }: Call,
  { conversation: ref, sentAt }: ParamsOf<"message.get">,
): Promise<ResultOf<"message.get">> {
  const { core, user } = connection;
  const conversation = await readable(connection, ref);
  const { message, senderData } = await findShown(core, conversation, sentAt, user.userId);
  return { message: toMessage(message, senderData, user.userId) };
}

/** What history shows the user at this very time. Throws `messageNotFound`. */
async function findShown(core: Core, conversation: Conversation, sentAt: number, userId: string) {
  const view = { userId, withRecalled: true, isForward: true };
  const place = { after: sentAt - 1, before: sentAt + 1, limit: 1 };
  const [entry] = await listHistory(core, conversation, { ...view, ...place });
  if (!entry) throw new Refusal("messageNotFound");
  return entry;
}

async function deleteMine(
  { connection }: Call,
  { conversation: ref, sentAt }: ParamsOf<"message.deleteMine">,
): Promise<ResultOf<"message.deleteMine">> {
  const conversation = await listed(connection, ref);
  await deleteOwn(connection.core, connection.user.userId, conversation, sentAt);
  return {};
}

async function readers(
  { connection }: Call,
  { conversation: ref, sentAt, after, limit = limits.readersPage }: ParamsOf<"message.readers">,
): Promise<ResultOf<"message.readers">> {
  const { core, user } = connection;
  const conversation = await listed(connection, ref);
  await findShown(core, conversation, sentAt, user.userId);
  const page = await listReaders(core, conversation, sentAt, { after: after ?? null, limit });
  return {
    read: page.readers.map(({ userId, readAt }) => ({ userId, ...(readAt > 0 ? { at: readAt } : {}) })),
    ...(page.counts ? { readCount: page.counts.read, memberCount: page.counts.members } : {}),
    next: page.next,
  };
}

export const messageMethods = [
  read("message.history", history),
  read("message.since", since),
  read("message.get", get),
  write("message.deleteMine", deleteMine),
  read("message.readers", readers),
];
