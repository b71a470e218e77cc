import { ParlanceError } from "../../../errors.ts";
import type { Append, Outcome } from "./append.ts";
import { MAX_BATCH } from "./append-statement.ts";
import { toRefusal } from "./failures.ts";

export interface WriteQueueOptions {
  /** Batches of appends under way at once. */
  maxBatches: number;
  /** Writes that wait or are under way; one more is refused as `unavailable`. */
  maxQueue: number;
  /** A write that could not even begin within this time while the database fails is refused as `unavailable`. */
  patienceMs: number;
  /** `deadline` is when trying again must end, by `performance.now()`. Throws when the batch as a whole failed. */
  storeBatch(appends: Append[], deadline: number): Promise<Outcome[]>;
  onFailure(error: unknown, writes: number): void;
}

interface Entry {
  /** An append, or any other write. */
  work: Append | ((deadline: number) => Promise<unknown>);
  since: number;
  weight: number;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Entries of one lane wait for each other; a lane that is held has some of them under way. */
interface Lane {
  key: unknown;
  entries: Entry[];
}

/** Characters in one batch, and in all that waits: messages may be long. */
const MAX_BATCH_WEIGHT = 4 << 20;
const MAX_QUEUE_WEIGHT = 256 << 20;

const isAppend = (entry: Entry): entry is Entry & { work: Append } => typeof entry.work !== "function";

/**
 * Group commit for one node. Appends gather while batches are under way, and no conversation is in two batches at once:
 * so the order within a conversation is that of the calls, and hot conversations never wait for locks of their own node.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #lanes = new Map<unknown, Lane>();
  /** Lanes that are not held and begin with an append, in the order in which they became so. */
  readonly #ready = new Set<Lane>();
  #batches = 0;
  #queued = 0;
  #queuedWeight = 0;
  #isPumping = false;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** Resolves with what the work did. A `lane` of null waits for nothing. */
  add(lane: string | null, work: Entry["work"], weight: number): Promise<unknown> {
    if (
      this.#isClosed ||
      this.#queued >= this.#options.maxQueue ||
      this.#queuedWeight + weight > MAX_QUEUE_WEIGHT
    ) {
      return Promise.reject(new ParlanceError("unavailable"));
    }
    return new Promise((resolve, reject) => {
      this.#queued++;
      this.#queuedWeight += weight;
      const entry: Entry = { work, since: performance.now(), weight, resolve, reject };
      const key = lane ?? Symbol();
      const known = this.#lanes.get(key);
      if (known !== undefined) {
        known.entries.push(entry);
        return;
      }
      const fresh = { key, entries: [entry] };
      this.#lanes.set(key, fresh);
      this.#advance(fresh);
    });
  }

  /** Takes no more writes. */
  refuse(): void {
    this.#isClosed = true;
  }

  /** Resolves when all writes are settled. To be called after `refuse`. */
  async drain(): Promise<void> {
    if (this.#queued > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  /** The lane is not held any more, or new. */
  #advance(lane: Lane): void {
    const first = lane.entries[0];
    if (first === undefined) this.#lanes.delete(lane.key);
    else if (!isAppend(first)) void this.#runOne(lane, first);
    else {
      this.#ready.add(lane);
      if (this.#isPumping || this.#batches >= this.#options.maxBatches) return;
      this.#isPumping = true;
      queueMicrotask(this.#pump);
    }
  }

  async #runOne(lane: Lane, entry: Entry): Promise<void> {
    lane.entries.shift();
    try {
      entry.resolve(await (entry.work as (deadline: number) => Promise<unknown>)(this.#deadlineOf(entry)));
    } catch (error) {
      this.#fail([entry], error);
    }
    this.#settled([entry]);
    this.#advance(lane);
  }

  readonly #pump = (): void => {
    this.#isPumping = false;
    while (this.#batches < this.#options.maxBatches && this.#ready.size > 0) void this.#runBatch();
  };

  async #runBatch(): Promise<void> {
    this.#batches++;
    const { held, batch } = this.#gather();
    try {
      const outcomes = await this.#options.storeBatch(
        batch.map(({ work }) => work),
        Math.max(...batch.map((entry) => this.#deadlineOf(entry))),
      );
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      }
    } catch (error) {
      this.#fail(batch, error);
    }
    this.#batches--;
    this.#settled(batch);
    for (const lane of held) this.#advance(lane);
    this.#pump();
  }

  /** Takes appends from the lanes that are ready, each lane's from its front, until the batch is full. */
  #gather() {
    const held: Lane[] = [];
    const batch: (Entry & { work: Append })[] = [];
    let weight = 0;
    for (const lane of this.#ready) {
      let taken = 0;
      for (const entry of lane.entries) {
        const isFull =
          batch.length >= MAX_BATCH || (batch.length > 0 && weight + entry.weight > MAX_BATCH_WEIGHT);
        if (!isAppend(entry) || isFull) break;
        batch.push(entry);
        weight += entry.weight;
        taken++;
      }
      if (taken === 0) break;
      lane.entries.splice(0, taken);
      this.#ready.delete(lane);
      held.push(lane);
    }
    return { held, batch };
  }

  #deadlineOf(entry: Entry): number {
    return entry.since + this.#options.patienceMs;
  }

  #fail(entries: readonly Entry[], error: unknown): void {
    const refusal = toRefusal(error);
    if (refusal.code === "unavailable") {
      this.#options.onFailure(error, entries.length);
      this.#rejectStale();
    } else if (entries.length > 1) this.#options.onFailure(error, entries.length);
    for (const { reject } of entries) reject(refusal);
  }

  /** Their turn would only come to fail: nothing of them was begun. */
  #rejectStale(): void {
    const now = performance.now();
    for (const lane of this.#lanes.values()) {
      const stale = lane.entries.filter((entry) => this.#deadlineOf(entry) < now);
      if (stale.length === 0) continue;
      lane.entries = lane.entries.filter((entry) => this.#deadlineOf(entry) >= now);
      for (const { reject } of stale) reject(new ParlanceError("unavailable"));
      this.#settled(stale);
      // One that is held advances by itself when it is done.
      if (this.#ready.delete(lane)) this.#advance(lane);
    }
  }

  #settled(entries: readonly Entry[]): void {
    this.#queued -= entries.length;
    for (const { weight } of entries) this.#queuedWeight -= weight;
    if (this.#queued === 0) this.#onIdle?.();
  }
}
