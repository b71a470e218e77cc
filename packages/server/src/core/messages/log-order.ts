import type { AppStore, Conversation, Head, Message, Micros } from "../../ports/store.ts";
import type { LogEntry } from "../../ports/store-entries.ts";
import type { AppInterest } from "../cluster/router.ts";
import type { EntryPassed, LogEvent } from "../events.ts";
import { Gathered } from "../gathered.ts";
import { findUserData } from "./list-history.ts";
import { resolveQuotes } from "./quotes.ts";

export interface LogOrderOptions {
  store: AppStore;
  /** Where this node says which conversations it wants to hear. */
  interest: Pick<AppInterest, "addConversations" | "dropConversation">;
  /** What its author wrote, if it was something else. */
  originalOf?(message: Message): string | undefined;
  deliver(event: LogEvent | EntryPassed): void;
  /** A conversation that is followed here is no more. */
  onGone(conversationId: number): void;
  /** The store could not be asked; it is asked again. */
  onError(error: unknown): void;
}

/** An entry of a log, and what listeners are told of it. */
export interface ToldEntry {
  seq: number;
  sentAt: Micros;
  event: LogEvent | EntryPassed;
}

/** How far a conversation has been delivered on this node. */
interface Position {
  /** Null until the store has said where the log ends. */
  seq: number | null;
  sentAt: Micros;
  /** Events that came before those they follow. */
  held: LogEvent[];
  /** Settles when the store has said where the log ends. */
  beginning: Promise<void> | null;
  /** Where the log is to be read from, because somebody who hears it now was added there. */
  backTo: { seq: number; sentAt: Micros } | null;
  isFilling: boolean;
  mustRead: boolean;
  timer: ReturnType<typeof setTimeout> | null;
}

/** Milliseconds that an event may be late before the log is read instead: nodes publish side by side. */
const lateness = 30;
const retryAfter = 500;
/** Held events per conversation; more are dropped, the log has them. */
const mostHeld = 1000;
/** Entries that are read from the log at once. */
export const pageSize = 200;
const headsAtOnce = 500;

/**
 * Gives this node's listeners each conversation's messages and changes in the order of its log, each once. The bus is a
 * hint: what it brings twice is dropped, what it brings early waits, what it doesn't bring is read from the store.
 */
export class LogOrder {
  readonly #options: LogOrderOptions;
  readonly #positions = new Map<number, Position>();
  /** What is about to be heard, by those who wait until all of it has a position. */
  readonly #awaited = new Set<readonly number[]>();
  /** Where logs end, for all who come together. */
  readonly #heads: Gathered<number, Head | undefined>;
  #isStopped = false;

  constructor(options: LogOrderOptions) {
    this.#options = options;
    this.#heads = new Gathered(async (ids) => {
      const heads = await options.store.findHeads(ids);
      const byId = new Map(heads.map((head) => [head.conversation.id, head]));
      return (id) => byId.get(id);
    });
  }

  /** Resolves when these conversations have a position: everything after it is delivered. */
  async follow(conversationIds: readonly number[]): Promise<void> {
    if (this.#isStopped) return;
    const fresh: number[] = [];
    const beginnings = new Set<Promise<void>>();
    for (const id of conversationIds) {
      const position = this.#positions.get(id);
      if (!position) fresh.push(id);
      else if (position.beginning) beginnings.add(position.beginning);
    }
    if (fresh.length > 0) beginnings.add(this.#start(fresh));
    if (beginnings.size === 0) return;
    this.#awaited.add(conversationIds);
    await Promise.all(beginnings).finally(() => this.#awaited.delete(conversationIds));
  }

  /**
   * As `follow`, from a position that somebody else has read. Messages may have been sent since, and their events may
   * have come before this node followed: the log is read at once. If nobody hears the position that stands, it may have
   * been read after what is to be heard first, and goes back. False: others have heard more, and who is to hear from
   * there on must be given it by itself (`listAfter`).
   */
  followFrom(conversationId: number, seq: number, sentAt: Micros, isHeard: boolean): boolean {
    if (this.#isStopped) return true;
    const known = this.#positions.get(conversationId);
    if (!known) {
      this.#positions.set(conversationId, newPosition(seq, sentAt));
      void this.#afterConfirmation(conversationId);
      return true;
    }
    // While it waits to go back nothing is delivered, so it may as well go further.
    const { backTo } = known;
    if (backTo ? backTo.seq <= seq : known.seq !== null && known.seq <= seq) return true;
    if (isHeard && !backTo) return false;
    const fill = () => this.#fill(conversationId);
    known.backTo = { seq, sentAt };
    void (known.beginning ?? Promise.resolve()).then(fill, fill);
    return true;
  }

  /** What was delivered last; null if that is not known, or the conversation not followed. */
  placeOf(conversationId: number): { seq: number; sentAt: Micros } | null {
    const position = this.#positions.get(conversationId);
    return position && position.seq !== null ? { seq: position.seq, sentAt: position.sentAt } : null;
  }

  /** A page of the log as it is told to listeners; nothing of a conversation that is no more. */
  async listAfter(conversationId: number, sentAt: Micros): Promise<ToldEntry[]> {
    const [head] = await this.#options.store.findHeads([conversationId]);
    return head ? this.#readPage(head.conversation, sentAt) : [];
  }

  accept(event: LogEvent): void {
    const position = this.#positions.get(event.conversation.id);
    if (!position) return;
    const { seq } = placeOf(event);
    if (position.seq === null || position.isFilling || position.backTo) this.#hold(position, event);
    else if (seq === position.seq + 1) this.#advance(position, event);
    else if (seq > position.seq) {
      this.#hold(position, event);
      position.timer ??= setTimeout(() => this.#fill(event.conversation.id), lateness);
    }
  }

  /** Reads what was missed, in every conversation that is followed. */
  async reconcile(): Promise<void> {
    // Where a log ends is being read for some, which may be older than what was missed.
    await Promise.allSettled([...this.#positions.values()].map(({ beginning }) => beginning));
    const ids = [...this.#positions.keys()];
    for (let from = 0; from < ids.length; from += headsAtOnce) {
      const asked = ids.slice(from, from + headsAtOnce);
      const heads = await this.#options.store.findHeads(asked);
      const found = new Set(heads.map(({ conversation }) => conversation.id));
      for (const id of asked) if (!found.has(id)) this.#options.onGone(id);
      for (const { conversation, seq } of heads) {
        const position = this.#positions.get(conversation.id);
        if (position && position.seq !== null && position.seq < seq) await this.#fill(conversation.id);
      }
    }
  }

  /** Forgets conversations that nobody here hears any more. */
  retain(isHeard: (conversationId: number) => boolean): void {
    const awaited = new Set([...this.#awaited].flat());
    for (const [id, position] of this.#positions) {
      if (position.seq === null || position.backTo || awaited.has(id) || isHeard(id)) continue;
      if (position.timer) clearTimeout(position.timer);
      this.#forget(id);
    }
  }

  /** Follows nothing any more, and asks nothing. */
  stop(): void {
    this.#isStopped = true;
    for (const [id, position] of this.#positions) {
      if (position.timer) clearTimeout(position.timer);
      this.#forget(id);
    }
  }

  /**
   * Only when all nodes send what is sent here from now on, the end of the log is asked for, and a reading begins after
   * that: nothing falls in between.
   */
  #start(ids: number[]): Promise<void> {
    const { interest } = this.#options;
    const started = ids.map((id) => [id, newPosition(null, 0)] as const);
    for (const [id, position] of started) this.#positions.set(id, position);
    const read = async () => {
      try {
        await interest.addConversations(ids);
        const heads = await Promise.all(ids.map((id) => this.#heads.ask(id)));
        for (const head of heads) if (head) this.#begin(head);
      } finally {
        for (const [id, position] of started) {
          position.beginning = null;
          if (position.seq === null && position.backTo === null && this.#positions.get(id) === position)
            this.#forget(id);
        }
      }
    };
    const beginning = read();
    for (const [, position] of started) position.beginning = beginning;
    return beginning;
  }

  async #afterConfirmation(conversationId: number): Promise<void> {
    await this.#options.interest.addConversations([conversationId]);
    await this.#fill(conversationId);
  }

  #forget(id: number): void {
    if (this.#positions.delete(id)) this.#options.interest.dropConversation(id);
  }

  #begin({ conversation, seq, sentAt }: Head): void {
    const position = this.#positions.get(conversation.id);
    if (!position || position.seq !== null) return;
    position.seq = seq;
    position.sentAt = sentAt;
    if (!position.backTo) this.#release(conversation.id, position);
  }

  #hold(position: Position, event: LogEvent): void {
    if (position.held.length < mostHeld) position.held.push(event);
  }

  #advance(position: Position, event: LogEvent): void {
    const { seq, sentAt } = placeOf(event);
    position.seq = seq;
    position.sentAt = sentAt;
    this.#options.deliver(event);
    if (position.held.length > 0) this.#release(event.conversation.id, position);
  }

  /** Delivers what was held and is due now; what is still early keeps waiting. */
  #release(conversationId: number, position: Position): void {
    const held = position.held.sort((one, other) => placeOf(one).seq - placeOf(other).seq);
    position.held = [];
    for (const event of held) {
      const seq = position.seq as number;
      const place = placeOf(event);
      if (place.seq > seq + 1) position.held.push(event);
      else if (place.seq === seq + 1) {
        position.seq = place.seq;
        position.sentAt = place.sentAt;
        this.#options.deliver(event);
      }
    }
    if (position.held.length > 0) {
      position.timer ??= setTimeout(() => this.#fill(conversationId), lateness);
    } else if (position.timer) {
      clearTimeout(position.timer);
      position.timer = null;
    }
  }

  async #fill(conversationId: number): Promise<void> {
    const position = this.#positions.get(conversationId);
    if (!position) return;
    position.mustRead = true;
    if (position.isFilling) return;
    if (position.timer) clearTimeout(position.timer);
    position.timer = null;
    position.isFilling = true;
    try {
      // Who asks while it is being read may know of something newer.
      while (position.mustRead) {
        position.mustRead = false;
        await this.#read(conversationId, position);
      }
    } catch (error) {
      if (this.#positions.get(conversationId) !== position) return;
      this.#options.onError(error);
      position.timer = setTimeout(() => this.#fill(conversationId), retryAfter);
      return;
    } finally {
      position.isFilling = false;
    }
    if (this.#positions.get(conversationId) === position) this.#release(conversationId, position);
  }

  async #read(conversationId: number, position: Position): Promise<void> {
    const { store, deliver, onGone } = this.#options;
    const [head] = await store.findHeads([conversationId]);
    if (!head) {
      onGone(conversationId);
      return;
    }
    for (;;) {
      if (position.backTo) {
        Object.assign(position, position.backTo);
        position.backTo = null;
      }
      const page = await this.#readPage(head.conversation, position.sentAt);
      // Nobody follows any more, or somebody from another position.
      if (this.#positions.get(conversationId) !== position) return;
      // What was added meanwhile may lie before this page.
      if (position.backTo) continue;
      for (const { seq, sentAt, event } of page) {
        position.seq = seq;
        position.sentAt = sentAt;
        deliver(event);
      }
      if (page.length < pageSize) return;
    }
  }

  async #readPage(conversation: Conversation, after: Micros): Promise<ToldEntry[]> {
    const { store, originalOf } = this.#options;
    const page = await store.listEntriesAfter(conversation.id, after, pageSize);
    const messages = page.flatMap((entry) => ("message" in entry ? [entry.message] : []));
    const data = await findUserData(
      store,
      messages.map(({ senderId }) => senderId),
    );
    const resolved = (await resolveQuotes(store, conversation.id, messages)).values();
    return page.map((stored) => {
      const entry = "message" in stored ? { message: resolved.next().value as Message } : stored;
      const { seq, sentAt } = "message" in entry ? entry.message : entry.change;
      return { seq, sentAt, event: toEvent(conversation, entry, data, originalOf) };
    });
  }
}

const newPosition = (seq: number | null, sentAt: Micros): Position => ({
  seq,
  sentAt,
  held: [],
  beginning: null,
  backTo: null,
  isFilling: false,
  mustRead: false,
  timer: null,
});

const placeOf = (event: LogEvent): { seq: number; sentAt: Micros } =>
  event.kind === "messageSent" ? event.message : event.change;

/**
 * A message that does not show any more is passed over, and whoever missed it misses nothing. Whether one moved its
 * author's mark isn't stored; every dialect moves it with each message of a person.
 */
const toEvent = (
  conversation: Conversation,
  entry: LogEntry,
  data: Map<string, string | null>,
  originalOf?: (message: Message) => string | undefined,
): LogEvent | EntryPassed => {
  if ("change" in entry) return { kind: "messageChanged", conversation, change: entry.change };
  const { message } = entry;
  const { senderId, seq, sentAt } = message;
  if (!message.isActive) return { kind: "entryPassed", conversation, seq, sentAt };
  const original = originalOf?.(message);
  return {
    kind: "messageSent",
    conversation,
    message,
    senderData: senderId === null ? null : (data.get(senderId) ?? null),
    marksRead: senderId !== null,
    ...(original !== undefined && { original }),
  };
};
