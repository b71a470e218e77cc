/**
 * The messages of one conversation that somebody looks at: a stretch of the log without gaps up to `through`, in present
 * state. What comes early waits; what is missing is asked for; what is too far behind is loaded anew.
 */

import type { ConversationRef, ConversationState, Entry, Message } from "@parlance/protocol";
import { ParlanceError } from "../error.ts";
import { applyChange, isChange, isVisible } from "./apply-change.ts";
import { ChangesUnderWay } from "./changes-under-way.ts";
import { keyOf } from "./conversation-key.ts";
import { insist, type Link } from "./link.ts";
import { indexOfSeq, putInOrder } from "./sorted.ts";

const pageSize = 50;
const mostEarly = 1000;
/** Messages of a conversation that the cache keeps. */
const mostKept = 200;

interface Kept {
  through: number;
  hasOlder: boolean;
  deletedAt: number;
  joinedAt: number;
  messages: Message[];
}

export class ConversationLog {
  /** Older than the first message there is more to load. */
  hasOlder = true;
  readonly #link: Link;
  readonly #conversation: ConversationRef;
  readonly #onChanged: () => void;
  #messages: Message[] = [];
  /** Everything up to this seq is in; null: nothing is loaded yet. */
  #through: number | null = null;
  #early = new Map<number, Entry>();
  #isFilling = false;
  /** The end of the log, as far as it is known. */
  #wanted = 0;
  #shownLoading = 0;
  /** Rises when everything is dropped: replies about what was before don't count. */
  #epoch = 0;
  #underWay = new ChangesUnderWay();
  #deletedAt = 0;
  #clearedUpTo = 0;
  #joinedAt = 0;

  constructor(link: Link, conversation: ConversationRef, onChanged: () => void) {
    this.#link = link;
    this.#conversation = conversation;
    this.#onChanged = onChanged;
  }

  /** As history shows them, oldest first; a new list each time. */
  visible(): Message[] {
    return this.#messages.filter((message) => isVisible(message) && message.sentAt > this.#clearedUpTo);
  }

  get through(): number {
    return this.#through ?? 0;
  }

  async restore(): Promise<void> {
    const key = this.#cacheKey;
    const kept = (await this.#link.persistence.load(key)).find(([found]) => found === key)?.[1] as
      | Kept
      | undefined;
    if (!kept || this.#through !== null) return;
    ({
      through: this.#through,
      hasOlder: this.hasOlder,
      deletedAt: this.#deletedAt,
      joinedAt: this.#joinedAt,
      messages: this.#messages,
    } = kept);
    this.#drain();
    this.#onChanged();
  }

  receive(entry: Entry): void {
    if (this.#through !== null && entry.seq <= this.#through) return;
    if (this.#early.size >= mostEarly) this.#early.clear();
    this.#early.set(entry.seq, entry);
    if (this.#drain()) this.#changed();
    if (this.#early.size > 0) void this.#fill();
  }

  /** What is known of the whole: its end, and what the user took from view. */
  follow(state: ConversationState): void {
    const { clearedUpTo, deletedAt = 0, joinedAt = 0, head } = state;
    // What was cleared or deleted is gone from pages too; a new membership, of another conversation perhaps, begins anew.
    const isOtherMembership = this.#joinedAt !== 0 && joinedAt !== this.#joinedAt;
    const isOtherView = isOtherMembership || deletedAt !== this.#deletedAt || clearedUpTo < this.#clearedUpTo;
    this.#joinedAt = joinedAt;
    const isCleared = clearedUpTo > this.#clearedUpTo;
    this.#deletedAt = deletedAt;
    this.#clearedUpTo = clearedUpTo;
    if (isOtherView) this.reset();
    else {
      if (isCleared) this.#changed();
      this.expect(head.seq);
    }
  }

  /** The log is known to reach that far. */
  expect(seq: number): void {
    this.#wanted = Math.max(this.#wanted, seq);
    if (this.#isBehind()) void this.#fill();
  }

  /** Whatever the state says, or if there is none: asks once what came after the last entry held. */
  catchUp(): void {
    this.expect(this.through + 1);
  }

  /** Forgets what is held and loads it anew. */
  reset(): void {
    this.#epoch++;
    this.#messages = [];
    this.#early.clear();
    this.#through = null;
    this.hasOlder = true;
    this.#wanted = 0;
    this.#isFilling = false;
    this.#changed();
    void this.#fill();
  }

  /** Loads the page before the oldest message. Rejects when offline. */
  async loadOlder(limit: number): Promise<void> {
    if (!this.hasOlder) return;
    if (this.#through === null) return this.#fill();
    const epoch = this.#epoch;
    const before = this.#messages[0]?.sentAt;
    const under = this.#underWay.begin();
    try {
      const page = await insist(this.#link, "message.history", {
        conversation: this.#conversation,
        limit,
        ...(before === undefined ? {} : { before }),
      });
      if (epoch !== this.#epoch || before !== this.#messages[0]?.sentAt) return;
      this.#messages = [...page.messages.map((message) => under.applyTo(message)), ...this.#messages];
      this.hasOlder = page.hasMore;
      this.#changed();
    } finally {
      under.end();
    }
  }

  /** Takes messages from view that the user deleted. */
  remove(sentAt: readonly number[]): void {
    const gone = new Set(sentAt);
    this.#messages = this.#messages.filter((message) => !gone.has(message.sentAt));
    this.#changed();
  }

  async #fill(): Promise<void> {
    if (this.#isFilling || !this.#link.isOnline()) return;
    this.#isFilling = true;
    const epoch = this.#epoch;
    let isOver = false;
    try {
      while (!isOver && epoch === this.#epoch && this.#isBehind())
        isOver = this.#through === null ? await this.#loadNewest() : await this.#loadMissing(this.#through);
      if (isOver && epoch === this.#epoch) this.#wanted = this.through;
    } catch (error) {
      // Anything else is the connection's end or a refusal: the next connection, or the state, tells more.
      const isBehind = error instanceof ParlanceError && error.name === "tooOld";
      if (isBehind && epoch === this.#epoch) return this.reset();
    } finally {
      if (epoch === this.#epoch) this.#isFilling = false;
    }
  }

  #isBehind(): boolean {
    return this.#through === null || this.#early.size > 0 || this.#through < this.#wanted;
  }

  async #loadNewest(): Promise<boolean> {
    const epoch = this.#epoch;
    const page = await insist(this.#link, "message.history", {
      conversation: this.#conversation,
      limit: pageSize,
    });
    if (epoch !== this.#epoch) return true;
    this.#messages = page.messages;
    this.#through = page.headSeq;
    this.hasOlder = page.hasMore;
    this.#drain();
    this.#changed();
    return false;
  }

  /** True: the server has nothing more to say for now. */
  async #loadMissing(afterSeq: number): Promise<boolean> {
    const epoch = this.#epoch;
    const { entries, throughSeq, hasMore } = await insist(this.#link, "message.since", {
      conversation: this.#conversation,
      afterSeq,
    });
    if (epoch !== this.#epoch) return true;
    for (const entry of entries) this.#take(entry);
    this.#through = Math.max(this.through, throughSeq);
    if (hasMore) this.#wanted = Math.max(this.#wanted, throughSeq + 1);
    this.#drain();
    this.#changed();
    return this.through === afterSeq;
  }

  /** Takes in what is next in line; true: something was. */
  #drain(): boolean {
    const { through } = this;
    if (this.#through === null) return false;
    for (const seq of this.#early.keys()) if (seq <= through) this.#early.delete(seq);
    for (;;) {
      const next = this.#early.get(this.through + 1);
      if (!next) return this.through > through;
      this.#early.delete(next.seq);
      this.#take(next);
    }
  }

  #take(entry: Entry): void {
    if (entry.seq <= this.through) return;
    this.#through = entry.seq;
    if (!isChange(entry)) return void this.#messages.push(entry);
    this.#underWay.note(entry);
    const at = indexOfSeq(this.#messages, entry.change.seq);
    const held = this.#messages[at];
    if (held?.seq === entry.change.seq) this.#messages[at] = applyChange(held, entry) ?? held;
    if (entry.change.kind === "show") void this.#loadShown(entry.change.of, entry.change.seq);
  }

  /** A message that came back to view. */
  async #loadShown(sentAt: number, seq: number): Promise<void> {
    const oldest = this.#messages[0]?.seq ?? 0;
    if (seq < oldest && this.hasOlder) return;
    const epoch = this.#epoch;
    const under = this.#underWay.begin();
    this.#shownLoading++;
    try {
      const { message } = await insist(this.#link, "message.get", {
        conversation: this.#conversation,
        sentAt,
      });
      if (epoch !== this.#epoch) return;
      putInOrder(this.#messages, under.applyTo(message));
      this.#changed();
    } catch {
      // Hidden again, or the connection ended: then the next one begins this log anew.
      if (epoch === this.#epoch && !this.#link.isOnline()) this.reset();
    } finally {
      this.#shownLoading--;
      under.end();
    }
  }

  get #cacheKey(): string {
    return `log/${keyOf(this.#conversation)}`;
  }

  #changed(): void {
    this.#link.persistence.changed(this.#cacheKey, () => this.#kept());
    this.#onChanged();
  }

  #kept(): Kept | undefined {
    // With a message missing in the middle nothing is kept: a program that ends now begins anew.
    if (this.#through === null || this.#shownLoading > 0) return undefined;
    const messages = this.#messages.slice(-mostKept);
    const hasOlder = this.hasOlder || messages.length < this.#messages.length;
    return {
      through: this.#through,
      hasOlder,
      deletedAt: this.#deletedAt,
      joinedAt: this.#joinedAt,
      messages,
    };
  }
}
