/**
 * Changes of messages. Each is an entry of the log, with the next `seq`, and the message's row becomes what it is now in
 * the same transaction. So whoever reads the log sees present states and the changes after them, and both are the same in
 * the end; whoever reads history needs no changes.
 */

import { ParlanceError } from "../../../errors.ts";
import type { Micros } from "../../../ports/store.ts";
import { type Changed, type ChangeKind, mostKeys, type NewChange } from "../../../ports/store-entries.ts";
import type { MessagesTable } from "../schema.ts";
import { type ChangeNote, findChange, findSent, toChange } from "./entries.ts";
import { hasFixedKeys, traitsOfChange } from "./message-traits.ts";
import { keptSince } from "./retention.ts";
import type { WriteScope } from "./write-scope.ts";

type Target = Pick<
  MessagesTable,
  "seq" | "sender_id" | "content" | "keys" | "key_times" | "to_users" | "change_seq"
> & {
  traits: number;
  recalled: 0 | 1 | 2;
  is_hidden: 0 | 1;
};

/** Columns that become something else; null: it is so already. `names` are of the keys that it is about. */
type Effect = { columns: Partial<Target>; names?: string[] } | null;

const nothing = { content: "{}", keys: null, key_times: null, mentions: null, quote: null } as const;

const requireContent = ({ recalled }: Target): void => {
  if (recalled !== 0) throw new ParlanceError("messageNotFound");
};

const requireKeys = (target: Target): void => {
  requireContent(target);
  if (hasFixedKeys(target.traits)) throw new ParlanceError("notAllowed");
};

const keysOf = ({ keys }: Target): Record<string, string> => JSON.parse(keys ?? "{}");

const rules: Record<ChangeKind, (target: Target, change: NewChange) => Effect> = {
  recall: ({ recalled }) => (recalled === 0 ? { columns: { ...nothing, recalled: 1 } } : null),
  delete: ({ recalled }) => (recalled === 2 ? null : { columns: { ...nothing, recalled: 2 } }),
  hide: ({ is_hidden }) => (is_hidden === 0 ? { columns: { is_hidden: 1 } } : null),
  show: ({ is_hidden }) => (is_hidden === 1 ? { columns: { is_hidden: 0 } } : null),
  modify(target, { content = "{}" }) {
    requireContent(target);
    return target.content === content ? null : { columns: { content } };
  },
  setKeys(target, { keys = {} }) {
    requireKeys(target);
    const present = new Map(Object.entries(keysOf(target)));
    const names = Object.keys(keys).filter((name) => present.get(name) !== keys[name]);
    for (const name of names) present.set(name, keys[name] as string);
    if (present.size > mostKeys)
      throw new ParlanceError("invalidInput", { keys: `A message has no more than ${mostKeys} keys.` });
    const merged = JSON.stringify(Object.fromEntries(present));
    return names.length === 0 ? null : { columns: { keys: merged }, names };
  },
  removeKeys(target, { removedKeys = [] }) {
    requireKeys(target);
    const present = new Map(Object.entries(keysOf(target)));
    const names = [...new Set(removedKeys)].filter((name) => present.delete(name));
    const left = present.size === 0 ? null : JSON.stringify(Object.fromEntries(present));
    return names.length === 0 ? null : { columns: { keys: left }, names };
  },
};

/** Of the keys that are there, after some of them were set, or were removed. */
const timesOf = (target: Target, names: string[], at: Micros): string | null => {
  const keys = keysOf(target);
  const before = Object.entries(JSON.parse(target.key_times ?? "{}") as Record<string, Micros>);
  const times = new Map(before.filter(([name]) => Object.hasOwn(keys, name)));
  for (const name of names) if (Object.hasOwn(keys, name)) times.set(name, at);
  return times.size === 0 ? null : JSON.stringify(Object.fromEntries(times));
};

export const changeWrites = {
  async change(scope: WriteScope, appId: number, change: NewChange): Promise<Changed | null> {
    const { db } = scope;
    const { conversationId, of, kind, by, clientId = null } = change;
    const head = await scope.holdHead(appId, conversationId);
    if (head === undefined) throw new ParlanceError("conversationNotFound");

    if (clientId !== null) {
      const sent = await findSent(db, appId, conversationId, by, clientId);
      if (sent !== null) return repeat(scope, appId, change, sent);
    }
    const isTarget = { app_id: appId, conversation_id: conversationId, sent_at: of };
    const target = await db
      .selectFrom("messages as m")
      .select(["m.seq", "m.sender_id", "m.content", "m.keys", "m.key_times", "m.to_users"])
      .select(["m.recalled", "m.is_hidden", "m.traits", "m.change_seq"])
      .where(({ and }) => and(isTarget))
      .where("m.sent_at", ">=", keptSince(appId))
      .where("m.change_of", "is", null)
      .executeTakeFirst();
    if (target === undefined) throw new ParlanceError("messageNotFound");
    if (change.after !== undefined && change.after !== (target.change_seq ?? 0))
      throw new ParlanceError("tooOld");
    const effect = rules[kind](target, change);
    if (effect === null) return null;

    const sentAt = scope.nextSentAt(head.sentAt);
    const seq = head.seq + 1;
    const present = { ...target, ...effect.columns };
    const is_active = present.recalled === 0 && present.is_hidden === 0 ? 1 : 0;
    await db
      .updateTable("messages")
      .set({
        ...effect.columns,
        is_active,
        ...(kind === "modify" ? { modified_at: sentAt } : {}),
        ...(effect.names === undefined
          ? {}
          : { key_times: timesOf({ ...target, ...effect.columns }, effect.names, sentAt) }),
        change_seq: seq,
      })
      .where(({ and }) => and(isTarget))
      .execute();
    const note: ChangeNote = { kind, seq: target.seq };
    if (effect.names !== undefined) note.keys = effect.names;
    const content = JSON.stringify(note);
    await db
      .insertInto("messages")
      .values({
        app_id: appId,
        conversation_id: conversationId,
        sent_at: sentAt,
        seq,
        counted: head.counted,
        is_counted: 0,
        sender_id: by,
        type: "change",
        content,
        client_id: clientId,
        is_active: 0,
        to_users: target.to_users,
        traits: traitsOfChange(target.traits),
        change_of: of,
      })
      .execute();
    await db
      .updateTable("conversations")
      .set({ last_seq: seq, last_sent_at: sentAt, changed_at: await scope.nextTick() })
      .where("app_id", "=", appId)
      .where("id", "=", conversationId)
      .execute();
    const { to_users: toUsers, traits } = target;
    const row = { conversationId, sentAt, seq, senderId: by, clientId, toUsers, traits, content };
    const { content: ofContent, keys: ofKeys, sender_id: ofSenderId } = present;
    const entry = toChange({ ...row, ofContent, ofKeys, ofSenderId, ofActive: is_active }, of);
    return { change: entry, isRepeat: false };
  },
};

/** The first change with this client id, if that was one of the same message and kind. */
const repeat = async (
  { db }: WriteScope,
  appId: number,
  { conversationId, of, kind }: NewChange,
  sent: { sentAt: number; changeOf: number | null },
): Promise<Changed> => {
  const isOther = () =>
    new ParlanceError("invalidInput", { clientId: "Something else was sent with this id." });
  if (sent.changeOf !== of) throw isOther();
  const change = await findChange(db, appId, conversationId, sent.sentAt);
  if (change === undefined) throw new ParlanceError("messageNotFound");
  if (change.kind !== kind) throw isOther();
  return { change, isRepeat: true };
};
