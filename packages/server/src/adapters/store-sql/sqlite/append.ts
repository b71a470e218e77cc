/**
 * The hot path, by hand. Within a transaction the head of a conversation is read once and written once, and so is the
 * read mark of each author, however many messages share the commit; a message then costs one INSERT.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { ParlanceError } from "../../../errors.ts";
import type { Appended, Micros, NewMessage } from "../../../ports/store.ts";
import { extrasOf, type MessageExtras } from "../operations/message-extras.ts";
import { traitsOf } from "../operations/message-traits.ts";
import type { Clock } from "./clock.ts";

interface Position {
  sentAt: Micros;
  seq: number;
  counted: number;
}

interface Head extends Position {
  appId: number;
  conversationId: number;
  hasMoved: boolean;
  marks: Map<string, Position>;
}

const sql = {
  head: `
    SELECT c.last_sent_at AS sentAt, c.last_seq AS seq, c.last_counted AS counted
    FROM conversations c JOIN apps a ON a.id = c.app_id
    WHERE c.app_id = ? AND c.id = ? AND c.deleted_at IS NULL AND a.deleted_at IS NULL`,
  saveHead: `
    UPDATE conversations SET last_sent_at = ?1, last_seq = ?2, last_counted = ?3, changed_at = ?1 WHERE app_id = ?4 AND id = ?5`,
  insert: `
    INSERT INTO messages (app_id, conversation_id, sent_at, seq, counted, is_counted, sender_id, type, content,
      client_id, traits, is_active)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING`,
  insertWithExtras: `
    INSERT INTO messages (app_id, conversation_id, sent_at, seq, counted, is_counted, sender_id, type, content,
      client_id, traits, is_active, mentions, quote, to_users, keys)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  mention: `INSERT INTO mentions (app_id, conversation_id, user_id, sent_at, seq) VALUES (?, ?, ?, ?, ?)`,
  recipient: `INSERT INTO recipients (app_id, conversation_id, user_id, sent_at, seq) VALUES (?, ?, ?, ?, ?)`,
  push: `
    INSERT INTO push_outbox (app_id, conversation_id, sent_at, wish, attempts, due_at) VALUES (?, ?, ?, ?, 0, ?)`,
  first: `
    SELECT sent_at AS sentAt, seq FROM messages
    WHERE app_id = ? AND conversation_id = ? AND coalesce(sender_id, '') = ? AND client_id = ?`,
  saveMark: `
    INSERT INTO read_marks (app_id, conversation_id, user_id, sent_at, seq, counted, changed_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?4)
    ON CONFLICT (app_id, conversation_id, user_id) DO UPDATE
    SET sent_at = excluded.sent_at, seq = excluded.seq, counted = excluded.counted, changed_at = excluded.changed_at`,
} as const;

export class Appender {
  readonly #clock: Clock;
  readonly #statements: Record<keyof typeof sql, StatementSync>;
  readonly #heads = new Map<string, Head>();

  constructor(database: DatabaseSync, clock: Clock) {
    this.#clock = clock;
    this.#statements = {
      head: database.prepare(sql.head),
      saveHead: database.prepare(sql.saveHead),
      insert: database.prepare(sql.insert),
      insertWithExtras: database.prepare(sql.insertWithExtras),
      mention: database.prepare(sql.mention),
      recipient: database.prepare(sql.recipient),
      push: database.prepare(sql.push),
      first: database.prepare(sql.first),
      saveMark: database.prepare(sql.saveMark),
    };
  }

  /**
   * Needs no savepoint: only its first INSERT can find something in its way, and what is remembered here changes after
   * it. Rows of mentions and recipients are new like the message, and there are none of a message that was a repeat.
   */
  append(appId: number, message: NewMessage): Appended {
    const { conversationId, senderId, clientId, marksRead } = message;
    const head = this.#readHead(appId, conversationId);
    const sentAt = this.#clock.next(head.sentAt);
    const seq = head.seq + 1;
    const extras = extrasOf(message);
    // Those for some only are counted for them alone.
    const isCounted = message.isCounted ? (extras?.toUsers == null ? 1 : 2) : 0;
    const counted = head.counted + (isCounted & 1);
    const row = [appId, conversationId, sentAt, seq, counted, isCounted] as const;
    const said = [senderId, message.type, message.content, clientId ?? null, traitsOf(message)] as const;
    const { changes } =
      extras === null
        ? this.#statements.insert.run(...row, ...said)
        : this.#statements.insertWithExtras.run(
            ...row,
            ...said,
            extras.mentions,
            extras.quote,
            extras.toUsers,
            extras.keys,
          );
    // The client's id is the only thing that can be there already: `sentAt` is above the head.
    if (changes === 0) return this.#readFirst(appId, conversationId, senderId ?? "", clientId ?? "");
    if (extras !== null) this.#insertRows(extras, appId, conversationId, sentAt, seq);
    const { push } = message;
    if (push) this.#statements.push.run(appId, conversationId, sentAt, push.wish, Date.now() + push.hold);
    head.sentAt = sentAt;
    head.seq = seq;
    head.counted = counted;
    head.hasMoved = true;
    if (marksRead && senderId !== null) head.marks.set(senderId, { sentAt, seq, counted });
    return { sentAt, seq, isRepeat: false };
  }

  /**
   * Writes what is remembered. To be called before anything else uses the database, and before the commit. No mark can
   * go back here: a new message is above every mark there is.
   */
  flush(): void {
    for (const { appId, conversationId, sentAt, seq, counted, hasMoved, marks } of this.#heads.values()) {
      if (!hasMoved) continue;
      this.#statements.saveHead.run(sentAt, seq, counted, appId, conversationId);
      for (const [userId, mark] of marks) {
        this.#statements.saveMark.run(appId, conversationId, userId, mark.sentAt, mark.seq, mark.counted);
      }
    }
    this.#heads.clear();
  }

  /** After a rollback. */
  forget(): void {
    this.#heads.clear();
  }

  #insertRows(
    extras: MessageExtras,
    appId: number,
    conversationId: number,
    sentAt: Micros,
    seq: number,
  ): void {
    const { mention, recipient } = this.#statements;
    for (const userId of extras.mentioned) mention.run(appId, conversationId, userId, sentAt, seq);
    for (const userId of extras.recipients) recipient.run(appId, conversationId, userId, sentAt, seq);
  }

  #readHead(appId: number, conversationId: number): Head {
    const key = `${appId}/${conversationId}`;
    const known = this.#heads.get(key);
    if (known !== undefined) return known;
    const stored = this.#statements.head.get(appId, conversationId) as unknown as Position | undefined;
    if (stored === undefined) throw new ParlanceError("conversationNotFound");
    const { sentAt, seq, counted } = stored;
    const head = { sentAt, seq, counted, appId, conversationId, hasMoved: false, marks: new Map() };
    this.#heads.set(key, head);
    return head;
  }

  #readFirst(appId: number, conversationId: number, senderId: string, clientId: string): Appended {
    const first = this.#statements.first.get(appId, conversationId, senderId, clientId);
    if (first === undefined) throw new Error("A message was refused though its client id is new.");
    return { sentAt: Number(first.sentAt), seq: Number(first.seq), isRepeat: true };
  }
}
