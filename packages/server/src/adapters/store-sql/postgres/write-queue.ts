import { ParlanceError } from "../../../errors.ts";
import { OutcomeUnknown } from "../../../ports/outcome-unknown.ts";
import { MAX_BATCH } from "./append-statement.ts";
import type { Outcome, Patience } from "./batch.ts";
import { toRefusal } from "./failures.ts";
import { type GroupedCalls, type GroupName, groupNames, groups } from "./groups.ts";

export interface WriteQueueOptions {
  /** Batches under way at once. */
  maxBatches: number;
  /** Writes that wait or are under way; one more is refused as `unavailable`. */
  maxQueue: number;
  /** Milliseconds. A write that could not even begin within this time while the database fails is refused as `unavailable`. */
  patienceMs: number;
  /** How much longer callers wait to hear whether a batch was stored, before they are told that it isn't known yet. */
  doubtMs: number;
  /** Throws when the batch as a whole failed: then nothing of it is stored, or it is an `OutcomeUnknown`. */
  storeBatch(
    name: GroupName,
    calls: GroupedCalls[GroupName][],
    patience: Patience,
  ): Promise<Outcome<unknown>[]>;
  onFailure(error: unknown, writes: number): void;
  /** The callers of so many writes were told that their outcome isn't known. */
  onDoubt(writes: number): void;
}

/** Does a write that isn't grouped. */
export type Work = (patience: Patience) => Promise<unknown>;

interface Entry {
  /** A write that is grouped, or null: it is `work`. */
  group: GroupName | null;
  /** The call, or what does the work. */
  work: GroupedCalls[GroupName] | Work;
  since: number;
  weight: number;
  /** When it is refused, nothing was stored. */
  isCertain: boolean;
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
/**
 * Milliseconds that a batch waits for the one before it of the same kind, so that calls gather: one of a single message
 * costs PostgreSQL nearly as much as one of twenty, and each node would make many of them. A batch that takes longer
 * waits itself, for a slow disk or for another node's rows; then the next one goes beside it.
 */
const GATHER_MS = 10;
/** Lanes that are enough for a batch to go beside another at once: PostgreSQL works while the node reads answers. */
const ENOUGH_LANES = 64;
/** How often a batch that is late is looked at. */
const WATCH_MS = 250;
/** No one asks for longer what became of a batch; its key is kept for twice as long (`upkeep.ts`). */
export const LONGEST_DOUBT_MS = 1_800_000;

/**
 * Group commit for one node. Calls gather while batches are under way, and no lane is in two batches at once: so the
 * order within a lane is that of the calls, and hot conversations never wait for locks of their own node. A batch whose
 * outcome isn't known keeps its lanes until it is; what waits there is refused meanwhile, as it was not begun.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #lanes = new Map<unknown, Lane>();
  /** Lanes that are not held and begin with such a call, in the order in which they became so. */
  readonly #ready = new Map(groupNames.map((name) => [name, new Set<Lane>()]));
  #batches = 0;
  /** When the batches that are under way began, by kind. */
  readonly #begun = new Map(groupNames.map((name) => [name, [] as number[]]));
  #gathering: ReturnType<typeof setTimeout> | null = null;
  #queued = 0;
  #queuedWeight = 0;
  #isPumping = false;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /**
   * Resolves with what the work did. A `lane` of null waits for nothing. With `isCertain` it throws as `storeBatch` does,
   * and callers are told in time that it isn't known yet.
   */
  run(lane: string | null, work: Work, weight: number, isCertain = false): Promise<unknown> {
    return this.#add(lane, null, work, weight, isCertain);
  }

  /** The same for a call that is stored with others. */
  group<Name extends GroupName>(
    lane: string | null,
    name: Name,
    call: GroupedCalls[Name],
    weight: number,
  ): Promise<unknown> {
    return this.#add(lane, name, call, weight, true);
  }

  /** Takes no more writes. */
  refuse(): void {
    this.#isClosed = true;
  }

  /** Resolves when all writes are settled; of those in doubt, when their callers were told. To be called after `refuse`. */
  async drain(): Promise<void> {
    if (this.#queued > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  #add(
    lane: string | null,
    group: Entry["group"],
    work: Entry["work"],
    weight: number,
    isCertain: boolean,
  ): Promise<unknown> {
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
      const entry: Entry = { group, work, since: performance.now(), weight, isCertain, resolve, reject };
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

  /** The lane is not held any more, or new. */
  #advance(lane: Lane): void {
    const first = lane.entries[0];
    if (first === undefined) this.#lanes.delete(lane.key);
    else if (first.group === null) void this.#runOne(lane, first);
    else {
      this.#ready.get(first.group)?.add(lane);
      if (this.#isPumping || this.#batches >= this.#options.maxBatches) return;
      this.#isPumping = true;
      queueMicrotask(this.#pump);
    }
  }

  async #runOne(lane: Lane, entry: Entry): Promise<void> {
    lane.entries.shift();
    const patience = this.#patienceOf(this.#deadlineOf(entry));
    const stopWatching = entry.isCertain ? this.#watch([entry], patience.deadline) : null;
    try {
      entry.resolve(await (entry.work as Work)(patience));
    } catch (error) {
      this.#fail([entry], error);
    }
    stopWatching?.();
    this.#settled([entry]);
    this.#advance(lane);
  }

  readonly #pump = (): void => {
    this.#isPumping = false;
    while (this.#batches < this.#options.maxBatches) {
      const name = this.#longestWaiting();
      if (name === undefined) return;
      void this.#runBatch(name);
    }
  };

  /** The group whose first lane became ready before the others', of those that have gathered. */
  #longestWaiting(): GroupName | undefined {
    let oldest = Number.POSITIVE_INFINITY;
    let found: GroupName | undefined;
    for (const [name, lanes] of this.#ready) {
      const [lane] = lanes;
      const since = lane?.entries[0]?.since ?? Number.POSITIVE_INFINITY;
      if (since < oldest && !this.#isGathering(name)) [oldest, found] = [since, name];
    }
    return found;
  }

  #isGathering(name: GroupName): boolean {
    if ((this.#ready.get(name) as Set<Lane>).size >= ENOUGH_LANES) return false;
    const begun = this.#begun.get(name)?.at(-1);
    const left = begun === undefined ? 0 : begun + GATHER_MS - performance.now();
    if (left <= 0) return false;
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      this.#pump();
    }, left);
    return true;
  }

  async #runBatch(name: GroupName): Promise<void> {
    this.#batches++;
    const begun = performance.now();
    const underWay = this.#begun.get(name) as number[];
    underWay.push(begun);
    const { held, batch } = this.#gather(name);
    const patience = this.#patienceOf(Math.max(...batch.map((entry) => this.#deadlineOf(entry))));
    const stopWatching = this.#watch(batch, patience.deadline);
    try {
      const calls = batch.map(({ work }) => work as GroupedCalls[GroupName]);
      const outcomes = await this.#options.storeBatch(name, calls, patience);
      for (const [index, entry] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome instanceof Error) entry.reject(outcome);
        else entry.resolve(outcome);
      }
    } catch (error) {
      this.#fail(batch, error);
    }
    stopWatching();
    this.#batches--;
    underWay.splice(underWay.indexOf(begun), 1);
    this.#settled(batch);
    for (const lane of held) this.#advance(lane);
    this.#pump();
  }

  /** Takes calls from the lanes that are ready, each lane's from its front, until the batch is full. */
  #gather(name: GroupName) {
    const keyOf = groups[name].keyOf as ((call: Entry["work"]) => string) | null;
    const keys = new Set<string>();
    const ready = this.#ready.get(name) as Set<Lane>;
    const held: Lane[] = [];
    const batch: Entry[] = [];
    let weight = 0;
    for (const lane of ready) {
      let taken = 0;
      for (const entry of lane.entries) {
        const isFull =
          batch.length >= MAX_BATCH || (batch.length > 0 && weight + entry.weight > MAX_BATCH_WEIGHT);
        if (entry.group !== name || isFull) break;
        if (keyOf !== null) {
          const key = keyOf(entry.work);
          if (keys.has(key)) break;
          keys.add(key);
        }
        batch.push(entry);
        weight += entry.weight;
        taken++;
      }
      if (taken === 0) break;
      lane.entries.splice(0, taken);
      ready.delete(lane);
      held.push(lane);
    }
    return { held, batch };
  }

  /** From its deadline on, refuses what waits in vain behind it; in the end tells its callers that nobody knows. */
  #watch(batch: readonly Entry[], deadline: number): () => void {
    let hasTold = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      this.#rejectStale();
      if (!hasTold && performance.now() >= deadline + this.#options.doubtMs) {
        hasTold = true;
        for (const entry of batch) tellUnknown(entry);
        this.#options.onDoubt(batch.length);
      }
      timer = setTimeout(look, WATCH_MS);
    };
    timer = setTimeout(look, Math.max(0, deadline - performance.now()));
    return () => clearTimeout(timer);
  }

  /** Of what begins now. */
  #patienceOf(deadline: number): Patience {
    const begun = performance.now();
    const isOver = () => {
      const now = performance.now();
      return now - begun > LONGEST_DOUBT_MS || (this.#isClosed && now > deadline + this.#options.doubtMs);
    };
    return { deadline, isOver };
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
      const [first] = lane.entries;
      // They came one after the other.
      if (first === undefined || this.#deadlineOf(first) >= now) continue;
      const stale = lane.entries.filter((entry) => this.#deadlineOf(entry) < now);
      lane.entries = lane.entries.slice(stale.length);
      for (const { reject } of stale) reject(new ParlanceError("unavailable"));
      this.#settled(stale);
      // One that is held advances by itself when it is done.
      if (first.group !== null && this.#ready.get(first.group)?.delete(lane)) this.#advance(lane);
    }
  }

  #settled(entries: readonly Entry[]): void {
    this.#queued -= entries.length;
    for (const { weight } of entries) this.#queuedWeight -= weight;
    if (this.#queued === 0) this.#onIdle?.();
  }
}

/** What becomes of the entry later goes to those who asked to hear of it. */
const tellUnknown = (entry: Entry): void => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  entry.reject(new OutcomeUnknown(promise));
  entry.resolve = resolve;
  entry.reject = () => resolve(null);
};
