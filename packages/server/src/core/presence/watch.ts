import { ParlanceError } from "../../errors.ts";
import type { AppStore } from "../../ports/store.ts";
import type { Presence } from "../../ports/store-presence.ts";
import { type PresenceState, toStates } from "./online-users.ts";

export interface PresenceWatchOptions<Watcher> {
  store: AppStore;
  /** States that changed, of users whom this watcher watches: at most one of each user. */
  tell(watcher: Watcher, states: PresenceState[]): void;
  /** Whether anybody watches anything now. */
  onWanted(isWanted: boolean): void;
  onError(error: unknown): void;
}

/** What a call to `watch` brings: the states now, and until when changes are told, in seconds from now. */
export interface Watched {
  states: PresenceState[];
  seconds: number;
}

export const mostWatchedPerCall = 200;
export const mostWatchedPerWatcher = 1000;
/** A month. */
export const longestWatch = 30 * 86_400;

/** Users whose rows are read at once. */
const readAtOnce = 500;
/** Milliseconds between two readings for changes: what flaps is told this often at most. */
const betweenReadings = 300;
const retryAfter = 500;
/** Milliseconds between looks for watches that have expired. */
const sweepInterval = 30_000;

interface Seen<Watcher> {
  /** Null until it was read for the first time. */
  state: PresenceState | null;
  /** Through which leases they are online. */
  leases: number[];
  /** When each watch expires, by `performance.now()`. */
  watchers: Map<Watcher, number>;
}

/**
 * Who watches whom, for one app on this node. Whatever says that somebody may have changed (an event, a lost event, a
 * node that died) only leads to a reading of the store, and watchers hear what differs from what they were told last.
 * Readings are made one after the other, so that an old one never overtakes a newer.
 */
export class PresenceWatch<Watcher> {
  readonly #options: PresenceWatchOptions<Watcher>;
  readonly #users = new Map<string, Seen<Watcher>>();
  readonly #watched = new Map<Watcher, Set<string>>();
  readonly #stale = new Set<string>();
  #reading: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sweeper: ReturnType<typeof setInterval> | null = null;
  #isStopped = false;

  constructor(options: PresenceWatchOptions<Watcher>) {
    this.#options = options;
  }

  /**
   * Tells the watcher of changes of these users for so many seconds (1 to 2,592,000), anew for those watched already.
   * At most 200 users a call and 1000 a watcher; throws `invalidInput`, `unavailable`.
   */
  async watch(watcher: Watcher, userIds: readonly string[], seconds: number): Promise<Watched> {
    const wanted = [...new Set(userIds)];
    const watched = this.#watched.get(watcher) ?? new Set<string>();
    this.#check(watcher, watched, wanted, seconds);
    const added = wanted.filter((userId) => !watched.has(userId));
    const expiresAt = performance.now() + seconds * 1000;
    this.#watched.set(watcher, watched);
    for (const userId of wanted) {
      watched.add(userId);
      const seen = this.#users.get(userId) ?? { state: null, leases: [], watchers: new Map() };
      seen.watchers.set(watcher, expiresAt);
      this.#users.set(userId, seen);
      this.#stale.add(userId);
    }
    this.#noteWanted();
    await this.#read().catch((error) => {
      this.unwatch(watcher, added);
      throw error;
    });
    const states = wanted.flatMap((userId) => this.#users.get(userId)?.state ?? []);
    return { states, seconds };
  }

  /** Null: all of them. */
  unwatch(watcher: Watcher, userIds: readonly string[] | null = null): void {
    const watched = this.#watched.get(watcher);
    if (!watched) return;
    for (const userId of userIds ?? [...watched]) {
      if (!watched.delete(userId)) continue;
      const seen = this.#users.get(userId);
      if (seen?.watchers.delete(watcher) && seen.watchers.size === 0) this.#users.delete(userId);
    }
    if (watched.size === 0) this.#watched.delete(watcher);
    this.#noteWanted();
  }

  /** Connections of these users came or went, on whichever node. */
  hear(userIds: Iterable<string>): void {
    for (const userId of userIds) if (this.#users.has(userId)) this.#stale.add(userId);
    this.#wake(betweenReadings);
  }

  /** These leases ended: who was online through them may be offline. */
  hearEnded(leaseIds: ReadonlySet<number>): void {
    for (const [userId, { leases }] of this.#users) {
      if (leases.some((id) => leaseIds.has(id))) this.#stale.add(userId);
    }
    this.#wake(0);
  }

  /** Anything may have been missed. */
  recheck(): void {
    this.hear(this.#users.keys());
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#sweeper) clearInterval(this.#sweeper);
  }

  #check(watcher: Watcher, watched: Set<string>, wanted: readonly string[], seconds: number): void {
    if (wanted.length > mostWatchedPerCall) {
      throw new ParlanceError("invalidInput", {
        userIds: `Watch at most ${mostWatchedPerCall} users in one call.`,
      });
    }
    if (!(seconds >= 1 && seconds <= longestWatch)) {
      throw new ParlanceError("invalidInput", { seconds: `Must be from 1 to ${longestWatch}.` });
    }
    const more = wanted.filter((userId) => !watched.has(userId)).length;
    if (watched.size + more <= mostWatchedPerWatcher) return;
    this.#sweepOne(watcher);
    if (watched.size + more > mostWatchedPerWatcher) {
      throw new ParlanceError("invalidInput", {
        userIds: `One connection watches at most ${mostWatchedPerWatcher} users.`,
      });
    }
  }

  #wake(delay: number): void {
    if (this.#stale.size === 0 || this.#timer || this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#read().catch((error) => {
        if (this.#isStopped) return;
        this.#options.onError(error);
        this.#wake(retryAfter);
      });
    }, delay);
  }

  /** Resolves when all that is stale now has been read. */
  #read(): Promise<void> {
    const reading = this.#reading.then(async () => {
      const userIds = [...this.#stale];
      this.#stale.clear();
      try {
        const read: Promise<Presence[]>[] = [];
        for (let from = 0; from < userIds.length; from += readAtOnce) {
          read.push(this.#options.store.findPresence(userIds.slice(from, from + readAtOnce)));
        }
        const rows = (await Promise.all(read)).flat();
        if (!this.#isStopped) this.#compare(userIds, rows);
      } catch (error) {
        for (const userId of userIds) if (this.#users.has(userId)) this.#stale.add(userId);
        this.#wake(retryAfter);
        throw error;
      }
    });
    this.#reading = reading.catch(() => {});
    return reading;
  }

  #compare(userIds: readonly string[], rows: readonly Presence[]): void {
    const news = new Map<Watcher, PresenceState[]>();
    const now = performance.now();
    for (const state of toStates(userIds, rows)) {
      const seen = this.#users.get(state.userId);
      if (!seen) continue;
      const before = seen.state;
      seen.state = state;
      seen.leases = [];
      if (before === null || isSame(before, state)) continue;
      for (const [watcher, expiresAt] of seen.watchers) {
        if (expiresAt < now) continue;
        const states = news.get(watcher);
        if (states) states.push(state);
        else news.set(watcher, [state]);
      }
    }
    for (const { userId, leaseId } of rows) this.#users.get(userId)?.leases.push(leaseId);
    for (const [watcher, states] of news) this.#options.tell(watcher, states);
  }

  #noteWanted(): void {
    if (this.#isStopped) return;
    const isWanted = this.#watched.size > 0;
    this.#options.onWanted(isWanted);
    if (isWanted) this.#sweeper ??= setInterval(() => this.#sweep(), sweepInterval);
    else if (this.#sweeper) {
      clearInterval(this.#sweeper);
      this.#sweeper = null;
    }
  }

  #sweep(): void {
    for (const watcher of [...this.#watched.keys()]) this.#sweepOne(watcher);
  }

  #sweepOne(watcher: Watcher): void {
    const now = performance.now();
    const watched = [...(this.#watched.get(watcher) ?? [])];
    const expired = watched.filter((userId) => (this.#users.get(userId)?.watchers.get(watcher) ?? 0) < now);
    if (expired.length > 0) this.unwatch(watcher, expired);
  }
}

const isSame = (one: PresenceState, other: PresenceState): boolean =>
  one.isOnline === other.isOnline &&
  one.since === other.since &&
  one.platforms.join() === other.platforms.join();
