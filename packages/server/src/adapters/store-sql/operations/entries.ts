/** The log as it is: messages, shown or not, and the changes between them. */

import { sql } from "kysely";
import type { Micros } from "../../../ports/store.ts";
import {
  type Change,
  type ChangeKind,
  type LogEntry,
  type LogPage,
  type MessageState,
  mostBehind,
} from "../../../ports/store-entries.ts";
import type { Db } from "../schema.ts";
import { messagesByTime } from "./by-key.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { isEntryHeardBy, isUnheard } from "./message-traits.ts";
import { isFor, isLeftTo, liveMessages, messageColumns, toMessage } from "./messages.ts";
import { keptSince } from "./retention.ts";

/**
 * What the row of a change holds as its content. Neither texts nor values: they are read from the message, so that
 * recalling a message leaves none of them anywhere.
 */
export interface ChangeNote {
  kind: ChangeKind;
  /** Of the message. */
  seq: number;
  /** Names of the keys that were set or removed. */
  keys?: string[];
}

const liveEntries = (db: Db, appId: number, conversationId: number) =>
  liveMessages(db, appId)
    .select("m.change_of as changeOf")
    .where("m.app_id", "=", appId)
    .where("m.conversation_id", "=", conversationId);

/** What is shown of a change in its message; nulls if that is not there any more. */
interface Target {
  ofContent: string | null;
  ofKeys: string | null;
  ofActive: number | null;
  ofSenderId: string | null;
}

const noTarget: Target = { ofContent: null, ofKeys: null, ofActive: null, ofSenderId: null };

export type ChangeRow = Target &
  Pick<
    EntryRow,
    "conversationId" | "sentAt" | "seq" | "senderId" | "clientId" | "toUsers" | "traits" | "content"
  >;

type EntryRow = Awaited<ReturnType<ReturnType<typeof liveEntries>["execute"]>>[number];

export const toChange = (row: ChangeRow, of: Micros): Change => {
  const { conversationId, sentAt, seq, senderId, clientId, toUsers, ofSenderId } = row;
  const { kind, seq: ofSeq, keys: names = [] } = JSON.parse(row.content) as ChangeNote;
  const isActive = row.ofActive === 1;
  const change: Change = { conversationId, sentAt, seq, by: senderId, kind, of, ofSeq, isActive };
  if (clientId !== null) change.clientId = clientId;
  if (toUsers !== null) change.viewerIds = viewersOf(toUsers, ofSenderId);
  if (isUnheard(row.traits) && ofSenderId !== null) change.hiddenFromId = ofSenderId;
  if (kind === "removeKeys") change.removedKeys = names;
  // What does not show is not told here either; `show` brings all of it.
  if (!isActive) return change;
  if (kind === "modify" || kind === "show") change.content = row.ofContent as string;
  if (kind === "setKeys" || kind === "show") {
    const present = JSON.parse(row.ofKeys ?? "{}") as Record<string, string>;
    const isTold = (name: string) => kind === "show" || names.includes(name);
    change.keys = Object.fromEntries(Object.entries(present).filter(([name]) => isTold(name)));
  }
  return change;
};

const viewersOf = (toUsers: string, senderId: string | null): string[] => {
  const userIds = new Set(JSON.parse(toUsers) as string[]);
  if (senderId !== null) userIds.add(senderId);
  return [...userIds];
};

/**
 * Looks the messages up by their keys. As a join it would be planned by guesses about a log that nobody has counted yet,
 * and a guess of a few rows makes it read all of the conversation for each entry.
 */
const findTargets = async (
  db: Db,
  appId: number,
  conversationId: number,
  rows: readonly EntryRow[],
): Promise<Map<Micros, Target>> => {
  const targets = new Map<Micros, Target>();
  const changed = new Set(rows.flatMap(({ changeOf }) => changeOf ?? []));
  for (const list of idLists([...changed])) {
    const found = await db
      .selectFrom(messagesByTime(db, appId, conversationId, list).as("m"))
      .select(["sent_at", "content", "keys", "is_active", "sender_id"])
      // Of one that is past the retention nothing is told.
      .where("sent_at", ">=", keptSince(appId))
      .execute();
    for (const { sent_at, content, keys, is_active, sender_id } of found)
      targets.set(sent_at, { ofContent: content, ofKeys: keys, ofActive: is_active, ofSenderId: sender_id });
  }
  return targets;
};

const toEntries = async (
  db: Db,
  appId: number,
  conversationId: number,
  rows: readonly EntryRow[],
): Promise<LogEntry[]> => {
  const targets = await findTargets(db, appId, conversationId, rows);
  return rows.map((row) => {
    const { changeOf } = row;
    if (changeOf === null) return { message: toMessage(row) };
    return { change: toChange({ ...row, ...(targets.get(changeOf) ?? noTarget) }, changeOf) };
  });
};

/** The change at this time; undefined: it is no longer there. */
export const findChange = async (
  db: Db,
  appId: number,
  conversationId: number,
  sentAt: Micros,
): Promise<Change | undefined> => {
  const rows = await liveEntries(db, appId, conversationId).where("m.sent_at", "=", sentAt).execute();
  const [entry] = await toEntries(db, appId, conversationId, rows);
  return entry && "change" in entry ? entry.change : undefined;
};

/** What was sent with this client id, even if it is past the retention. */
export const findSent = async (
  db: Db,
  appId: number,
  conversationId: number,
  senderId: string | null,
  clientId: string,
) =>
  (await liveConversations(db, appId)
    .innerJoin("messages as m", (join) =>
      join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
    )
    .select(["m.sent_at as sentAt", "m.seq", "m.change_of as changeOf"])
    .where("m.app_id", "=", appId)
    .where("m.conversation_id", "=", conversationId)
    .where(({ fn, ref, val, eb }) => eb(fn.coalesce(ref("m.sender_id"), val("")), "=", senderId ?? ""))
    .where("m.client_id", "=", clientId)
    .executeTakeFirst()) ?? null;

interface End {
  seq: number;
  sentAt: Micros;
}

const findEnd = (db: Db, appId: number, conversationId: number): Promise<End | undefined> =>
  liveConversations(db, appId)
    .select(["c.last_seq as seq", "c.last_sent_at as sentAt"])
    .where("c.id", "=", conversationId)
    .executeTakeFirst();

/**
 * When the entry behind this `seq` was sent; null: too far back, or not there any more. Entries are found by their time;
 * `seq` has no index and needs none: it has no gaps, so the distance to the end says how many entries to step back.
 */
const timeOfNext = async (
  db: Db,
  appId: number,
  conversationId: number,
  end: End,
  seq: number,
): Promise<Micros | null> => {
  const behind = end.seq - seq;
  if (behind > mostBehind) return null;
  const next = await db
    .selectFrom("messages")
    .select(["sent_at", "seq"])
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .where("sent_at", "<=", end.sentAt)
    .where("sent_at", ">=", keptSince(appId))
    .orderBy("sent_at", "desc")
    .limit(1)
    .offset(behind - 1)
    .executeTakeFirst();
  return next?.seq === seq + 1 ? next.sent_at : null;
};

export const entryReads = {
  async listEntriesAfter(
    db: Db,
    appId: number,
    conversationId: number,
    after: Micros,
    limit: number,
  ): Promise<LogEntry[]> {
    const rows = await liveEntries(db, appId, conversationId)
      .where("m.sent_at", ">", after)
      .orderBy("m.sent_at")
      .limit(Math.max(0, limit))
      .execute();
    return toEntries(db, appId, conversationId, rows);
  },

  async listEntriesSince(
    db: Db,
    appId: number,
    conversationId: number,
    afterSeq: number,
    limit: number,
    userId: string,
  ): Promise<LogPage | null> {
    const head = await findEnd(db, appId, conversationId);
    if (head === undefined || afterSeq >= head.seq)
      return { entries: [], lastSeq: head?.seq ?? 0, hasMore: false };
    const first = await timeOfNext(db, appId, conversationId, head, afterSeq);
    if (first === null) return null;
    const rows = await liveEntries(db, appId, conversationId)
      .where("m.sent_at", ">=", first)
      .select(
        sql<boolean>`${isFor(userId)} and ${isLeftTo(appId, userId)} and ${isEntryHeardBy("m", userId)}`.as(
          "isForUser",
        ),
      )
      .orderBy("m.sent_at")
      .limit(Math.max(1, limit))
      .execute();
    const lastSeq = rows.at(-1)?.seq ?? afterSeq;
    const shown = rows.filter(({ isForUser }) => Boolean(isForUser));
    const entries = await toEntries(db, appId, conversationId, shown);
    return { entries, lastSeq, hasMore: lastSeq < head.seq };
  },

  async findTimeBehind(db: Db, appId: number, conversationId: number, seq: number): Promise<Micros | null> {
    const head = await findEnd(db, appId, conversationId);
    if (head === undefined || seq >= head.seq) return head?.sentAt ?? 0;
    const next = await timeOfNext(db, appId, conversationId, head, seq);
    return next === null ? null : next - 1;
  },

  async findStates(
    db: Db,
    appId: number,
    conversationId: number,
    sentAts: Micros[],
  ): Promise<MessageState[]> {
    const found = new Map<Micros, MessageState["state"] | undefined>();
    for (const list of idLists(sentAts)) {
      const rows = await db
        .selectFrom(messagesByTime(db, appId, conversationId, list).as("m"))
        .select(messageColumns)
        .where(({ exists }) =>
          exists(liveConversations(db, appId).select("c.id").where("c.id", "=", conversationId)),
        )
        .where("m.sent_at", ">=", keptSince(appId))
        .where("m.change_of", "is", null)
        .execute();
      for (const row of rows) found.set(row.sentAt, toMessage(row).state);
    }
    const states: MessageState[] = [];
    for (const sentAt of new Set(sentAts)) {
      const state = found.has(sentAt) ? found.get(sentAt) : "deleted";
      if (state !== undefined) states.push({ sentAt, state });
    }
    return states;
  },

  async findSent(
    db: Db,
    appId: number,
    conversationId: number,
    senderId: string | null,
    clientId: string,
  ): Promise<{ sentAt: Micros; seq: number } | null> {
    const sent = await findSent(db, appId, conversationId, senderId, clientId);
    return sent === null ? null : { sentAt: sent.sentAt, seq: sent.seq };
  },
};
