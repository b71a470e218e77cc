/**
 * Keys of chatrooms. A removed key is remembered for a while, so that who knows the keys of a moment is told what changed
 * since. Every change holds the chatroom's row: the times of a chatroom's keys rise in the order of their commits.
 */

import { ParlanceError } from "../../../errors.ts";
import type { Micros } from "../../../ports/store.ts";
import {
  CHATROOM_KEYS,
  type ChatroomKey,
  type ChatroomKeys,
  type ChatroomKeysChange,
  type ChatroomState,
} from "../../../ports/store-chatrooms.ts";
import type { Db } from "../schema.ts";
import { touchChatrooms } from "./chatroom-states.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

/** Removed keys that one chatroom remembers. */
const MOST_REMEMBERED = 100;

interface Row {
  key: string;
  value: string | null;
  userId: string;
  isAutoDelete: number;
  changedAt: Micros;
}

const toKey = (row: Row): ChatroomKey => ({ ...row, isAutoDelete: row.isAutoDelete === 1 });

const keysOf = (db: Db, appId: number, conversationId: number) =>
  db
    .selectFrom("chatroom_keys")
    .select([
      "key",
      "value",
      "user_id as userId",
      "is_auto_delete as isAutoDelete",
      "changed_at as changedAt",
    ])
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId);

const writeKeys = async (
  db: Db,
  appId: number,
  conversationId: number,
  keys: readonly ChatroomKey[],
): Promise<void> => {
  const rows = keys.map(({ key, value, userId, isAutoDelete, changedAt }) => ({
    app_id: appId,
    conversation_id: conversationId,
    key,
    value,
    user_id: userId,
    is_auto_delete: isAutoDelete ? (1 as const) : (0 as const),
    changed_at: changedAt,
  }));
  for (const list of rowLists(rows))
    await db
      .insertInto("chatroom_keys")
      .values(list)
      .onConflict((conflict) =>
        conflict.columns(["app_id", "conversation_id", "key"]).doUpdateSet((row) => ({
          value: row.ref("excluded.value"),
          user_id: row.ref("excluded.user_id"),
          is_auto_delete: row.ref("excluded.is_auto_delete"),
          changed_at: row.ref("excluded.changed_at"),
        })),
      )
      .execute();
};

const forgetRemoved = async (db: Db, appId: number, conversationId: number): Promise<void> => {
  const old = await keysOf(db, appId, conversationId)
    .where("value", "is", null)
    .orderBy("changed_at", "desc")
    .offset(MOST_REMEMBERED)
    .limit(CHATROOM_KEYS)
    .execute();
  const [newest] = old;
  if (newest === undefined) return;
  await db
    .deleteFrom("chatroom_keys")
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .where("value", "is", null)
    .where("changed_at", "<=", newest.changedAt)
    .execute();
  await db
    .updateTable("chatrooms")
    .set({ keys_since: newest.changedAt })
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .execute();
};

/** Removes the keys that go with those who left, of chatrooms that this transaction holds; by conversation. */
export const removeKeysOf = async (
  { db, nextTick }: WriteScope,
  appId: number,
  leftOf: ReadonlyMap<number, string[]>,
): Promise<Map<number, ChatroomKey[]>> => {
  const removed = new Map<number, ChatroomKey[]>();
  for (const list of idLists([...leftOf.keys()])) {
    const rows = await db
      .selectFrom("chatroom_keys")
      .select(["conversation_id as conversationId", "key", "user_id as userId"])
      .where("app_id", "=", appId)
      .where("conversation_id", "in", list)
      .where("is_auto_delete", "=", 1)
      .where("value", "is not", null)
      .execute();
    for (const { conversationId, key, userId } of rows) {
      if (!leftOf.get(conversationId)?.includes(userId)) continue;
      const keys = removed.get(conversationId) ?? [];
      keys.push({ key, value: null, userId, isAutoDelete: true, changedAt: 0 });
      removed.set(conversationId, keys);
    }
  }
  for (const [conversationId, keys] of removed) {
    const changedAt = await nextTick();
    for (const key of keys) key.changedAt = changedAt;
    await writeKeys(db, appId, conversationId, keys);
    await forgetRemoved(db, appId, conversationId);
  }
  return removed;
};

const requireChatroom = async (
  db: Db,
  appId: number,
  conversationId: number,
  presentUserId: string | null,
): Promise<void> => {
  const room = await liveConversations(db, appId)
    .select("c.id")
    .where("c.id", "=", conversationId)
    .where("c.kind", "=", "chatroom")
    .executeTakeFirst();
  if (room === undefined) throw new ParlanceError("conversationNotFound");
  if (presentUserId === null) return;
  const place = await db
    .selectFrom("chatroom_members")
    .select("user_id")
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", presentUserId)
    .executeTakeFirst();
  if (place === undefined) throw new ParlanceError("notJoined");
};

export const chatroomKeyReads = {
  async listChatroomKeys(
    db: Db,
    appId: number,
    conversationId: number,
    since: Micros | null,
  ): Promise<ChatroomKeys> {
    if (since !== null) {
      const changed = await keysOf(db, appId, conversationId)
        .where("changed_at", ">", since)
        .orderBy("changed_at")
        .orderBy("key")
        .limit(CHATROOM_KEYS + 1)
        .execute();
      // Read afterwards: what was forgotten in between must not be taken for what never was.
      const room = await db
        .selectFrom("chatrooms")
        .select("keys_since")
        .where("app_id", "=", appId)
        .where("conversation_id", "=", conversationId)
        .executeTakeFirst();
      if (changed.length <= CHATROOM_KEYS && since >= (room?.keys_since ?? 0))
        return { keys: changed.map(toKey), isWhole: false };
    }
    const rows = await keysOf(db, appId, conversationId)
      .where("value", "is not", null)
      .orderBy("changed_at")
      .orderBy("key")
      .execute();
    return { keys: rows.map(toKey), isWhole: true };
  },
};

export const chatroomKeyWrites = {
  async changeChatroomKeys(
    { db, nextTick }: WriteScope,
    appId: number,
    conversationId: number,
    { userId, set, remove, isAutoDelete, isForced, mustBePresent }: ChatroomKeysChange,
  ): Promise<{ keys: ChatroomKey[]; state: ChatroomState }> {
    await requireChatroom(db, appId, conversationId, mustBePresent ? userId : null);
    const [state] = await touchChatrooms(db, appId, new Map([[conversationId, 0]]));
    const changedAt = await nextTick();
    const known = await keysOf(db, appId, conversationId).where("value", "is not", null).execute();
    const owners = new Map(known.map((row) => [row.key, row.userId]));
    for (const key of [...set.map((one) => one.key), ...remove])
      if (!isForced && (owners.get(key) ?? userId) !== userId) throw new ParlanceError("keyTaken", { key });
    const removed = remove.filter((key) => owners.has(key));
    const added = set.filter(({ key }) => !owners.has(key));
    if (added.length > 0 && owners.size - removed.length + added.length > CHATROOM_KEYS)
      throw new ParlanceError("tooManyKeys");
    const shared = { userId, isAutoDelete, changedAt };
    const keys: ChatroomKey[] = [
      ...removed.map((key) => ({ ...shared, key, value: null })),
      ...set.map(({ key, value }) => ({ ...shared, key, value })),
    ];
    await writeKeys(db, appId, conversationId, keys);
    if (removed.length > 0) await forgetRemoved(db, appId, conversationId);
    return { keys, state: state as ChatroomState };
  },
};
