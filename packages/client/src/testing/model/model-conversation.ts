/** The truth of one conversation: its log, and what each member did to the own view of it. */

import type {
  Change,
  ConversationChange,
  ConversationRef,
  ConversationState,
  Entry,
  Message,
  ParamsOf,
  Position,
} from "@parlance/protocol";
import { applyChange, isChange, isVisible } from "../../sync/apply-change.ts";
import { Refusal } from "./refusal.ts";

export interface MemberRow {
  joinedAt: number;
  readMark: Position;
  settings: ConversationState["settings"];
  clearedUpTo: number;
  deleted: Set<number>;
  deletedAt: number;
  /** Gone from the list until the log grows; null: it is there. */
  removedAt: number | null;
  /** No member any more. */
  isOut: boolean;
  changedAt: number;
  /** When anything of the state last changed: what `conversation.sync` goes by. */
  touchedAt: number;
}

export class ModelConversation {
  readonly ref: ConversationRef;
  /** Messages in present state, and changes; the entry of seq n at n - 1. */
  readonly entries: Entry[] = [];
  readonly members = new Map<string, MemberRow>();
  /** Messages as they were sent, whatever became of them. */
  readonly sent: Message[] = [];
  readonly #sends = new Map<string, Message>();

  constructor(ref: ConversationRef) {
    this.ref = ref;
  }

  get head(): Position {
    const { seq = 0, sentAt = 0 } = this.entries.at(-1) ?? {};
    return { seq, sentAt };
  }

  /** As that user calls it. */
  refFor(userId: string): ConversationRef {
    if (this.ref.kind !== "direct") return this.ref;
    const [one, other] = [...this.members.keys()];
    return { kind: "direct", id: (one === userId ? other : one) as string };
  }

  add(userId: string, now: number): void {
    this.members.set(userId, {
      joinedAt: now,
      readMark: this.head,
      settings: { isPinned: false, mute: 0, draft: "", tags: [] },
      clearedUpTo: 0,
      deleted: new Set(),
      deletedAt: 0,
      removedAt: null,
      isOut: false,
      changedAt: now,
      touchedAt: now,
    });
  }

  row(userId: string): MemberRow {
    const row = this.members.get(userId);
    if (!row || row.isOut) throw new Refusal("notMember");
    return row;
  }

  touch(userId: string, now: number): void {
    const row = this.members.get(userId) as MemberRow;
    row.changedAt = row.touchedAt = now;
  }

  /** Null: a repeat, whose first result is the answer. */
  send(from: string, params: ParamsOf<"message.send">, now: number): { message: Message; isRepeat: boolean } {
    const row = this.row(from);
    const { clientId, type, content, isCounted = true, mentions, quote, to } = params;
    const known = this.#sends.get(`${from} ${clientId}`);
    if (known) return { message: known, isRepeat: true };
    const quoted = quote && this.#find(quote.sentAt);
    if (quote && !quoted) throw new Refusal("quoteNotFound");
    const message: Message = {
      seq: this.head.seq + 1,
      sentAt: now,
      from,
      type,
      content,
      isCounted,
      clientId,
      ...(mentions ? { mentions } : {}),
      ...(to ? { to } : {}),
      ...(quoted
        ? {
            quote: {
              sentAt: quoted.sentAt,
              seq: quoted.seq,
              from: quoted.from,
              type: quoted.type,
              content: quoted.content,
            },
          }
        : {}),
    };
    this.#append(message);
    this.sent.push(message);
    this.#sends.set(`${from} ${clientId}`, message);
    row.readMark = { seq: message.seq, sentAt: now };
    row.changedAt = now;
    return { message, isRepeat: false };
  }

  change(by: string | null, of: number, change: Omit<Change["change"], "of" | "seq">, now: number): Change {
    const target = this.#find(of);
    const isMine = by !== null && target?.from === by;
    if (!target || (by !== null && !this.isFor(by, target))) throw new Refusal("messageNotFound");
    if (by !== null && !isMine && change.kind !== "setKeys" && change.kind !== "removeKeys")
      throw new Refusal("notYours");
    const entry: Change = {
      seq: this.head.seq + 1,
      sentAt: now,
      by,
      change: { of, seq: target.seq, ...change },
    };
    if (change.kind === "hide") this.#hiddenContents.set(target.seq, target);
    if (change.kind === "show") {
      const before = this.#hiddenContents.get(target.seq);
      if (!before || target.state !== "hidden") throw new Refusal("messageNotFound");
      this.entries[target.seq - 1] = { ...before, changeSeq: entry.seq };
    } else {
      if (target.state) throw new Refusal("messageNotFound");
      this.entries[target.seq - 1] = applyChange(target, entry) as Message;
    }
    this.#append(entry);
    return entry;
  }

  readonly #hiddenContents = new Map<number, Message>();

  /** Whether the user may read it. */
  isFor(userId: string, message: Message): boolean {
    return message.to === undefined || message.from === userId || message.to.includes(userId);
  }

  /** An entry as that user gets it. */
  entryFor(userId: string, entry: Entry): Entry {
    const subject = isChange(entry) ? (this.entries[entry.change.seq - 1] as Message) : entry;
    if (!this.isFor(userId, subject))
      return {
        seq: entry.seq,
        sentAt: entry.sentAt,
        from: null,
        type: "hidden",
        content: {},
        isCounted: false,
        state: "hidden",
      };
    if (isChange(entry) || entry.from === userId) return entry;
    const { clientId: _, ...others } = entry;
    return others;
  }

  /** What history shows the user. */
  history(userId: string): Message[] {
    const { clearedUpTo, deleted } = this.row(userId);
    return this.entries
      .filter((entry): entry is Message => !isChange(entry))
      .filter((message) => isVisible(message) && this.isFor(userId, message))
      .filter(({ sentAt }) => sentAt > clearedUpTo && !deleted.has(sentAt))
      .map((message) => this.entryFor(userId, message) as Message);
  }

  since(userId: string, afterSeq: number, limit: number): Entry[] {
    const { deleted } = this.row(userId);
    return this.entries
      .slice(afterSeq, afterSeq + limit)
      .filter(({ sentAt }) => !deleted.has(sentAt))
      .map((entry) => this.entryFor(userId, entry))
      .filter((entry) => isChange(entry) || entry.state !== "hidden");
  }

  stateFor(userId: string): ConversationChange {
    const row = this.members.get(userId) as MemberRow;
    const conversation = this.refFor(userId);
    if (row.isOut || row.removedAt !== null)
      return { conversation, isRemoved: true, changedAt: row.changedAt };
    const visible = this.history(userId);
    const unread = visible.filter(
      ({ seq, isCounted, state }) => seq > row.readMark.seq && isCounted && !state,
    );
    const calls = unread.filter(
      ({ from, mentions }) => from !== userId && (mentions?.all || mentions?.users?.includes(userId)),
    );
    const peer = this.ref.kind === "direct" ? this.members.get(conversation.id) : undefined;
    return {
      conversation,
      head: this.head,
      lastMessage: visible.at(-1) ?? null,
      unread: unread.length,
      mentions: calls.length,
      readMark: row.readMark,
      ...(peer ? { peerReadMark: peer.readMark } : {}),
      settings: { ...row.settings, tags: [...row.settings.tags] },
      clearedUpTo: row.clearedUpTo,
      deletedAt: row.deletedAt,
      joinedAt: row.joinedAt,
      memberCount: [...this.members.values()].filter(({ isOut }) => !isOut).length,
      changedAt: row.changedAt,
    };
  }

  #find(sentAt: number): Message | undefined {
    return this.entries.find((entry): entry is Message => !isChange(entry) && entry.sentAt === sentAt);
  }

  #append(entry: Entry): void {
    this.entries.push(entry);
    for (const row of this.members.values()) {
      row.touchedAt = entry.sentAt;
      if (!isChange(entry) && !row.isOut) row.removedAt = null;
    }
  }
}
