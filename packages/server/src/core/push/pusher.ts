/**
 * Sends what stands in the outbox. A message's row is written with it and belongs to its node for a while, which has the
 * message in memory and sees to it at once; whatever is still there when that time is over belongs to whoever takes it:
 * this node was killed, had too much to do, or its provider failed. So nobody who should be notified is forgotten, and
 * somebody may be notified twice of one message, under the same id, if a node dies between sending and removing the row.
 */

import type { Push, PushProvider } from "../../ports/push.ts";
import type { Store } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { handOver } from "./hand-over.ts";
import { notify } from "./notify.ts";
import { type PlannedPush, type PushQueue, placeOf } from "./push-desk.ts";
import { PushSweep } from "./push-sweep.ts";

export interface PusherOptions {
  store: Store;
  provider: PushProvider;
  coreOf(appId: number): Core | undefined;
  /** Whether the user has a connection to this node: presence is written a moment after they came. */
  isHere?(appId: number, userId: string): boolean;
  onError(error: unknown): void;
  /** Milliseconds; tests have less. */
  times?: Partial<PusherTimes>;
}

export interface PusherTimes {
  /** A row belongs to who wrote or took it. */
  hold: number;
  /** Between looks at what nobody sees to. */
  sweep: number;
  /** Before what failed is tried again, in turn; then it is left to whoever takes it next. */
  retries: readonly number[];
  /** Who has not been notified by then isn't any more. */
  tooLate: number;
}

const usual: PusherTimes = { hold: 60_000, sweep: 5000, retries: [1000, 5000], tooLate: 3_600_000 };

/** Messages that wait in memory; the outbox holds those above. */
const mostWaiting = 10_000;
const mostAtOnce = 4;
/** Rows removed at once, and milliseconds that they gather for. */
const removedAtOnce = 500;
const gatherFor = 50;
/** Notifications in memory that are to be tried again. */
const mostRetried = 10_000;

export class Pusher implements PushQueue {
  /** Notifications sent and given up for now; messages that wait, and that are done with; jobs that are. */
  readonly stats = { sent: 0, failed: 0, waiting: 0, done: 0, jobs: 0 };
  readonly hold: number;
  readonly #options: PusherOptions;
  readonly #times: PusherTimes;
  readonly #waiting: PlannedPush[] = [];
  readonly #done = new Map<Core, { conversationId: number; sentAt: number }[]>();
  readonly #sweep: PushSweep;
  readonly #pauses = new Set<() => void>();
  #active = 0;
  #retried = 0;
  #removal: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(options: PusherOptions) {
    this.#options = options;
    this.#times = { ...usual, ...options.times };
    this.hold = this.#times.hold;
    const { store, coreOf, onError } = options;
    this.#sweep = new PushSweep({
      ...{ store, coreOf, onError, times: this.#times },
      provider: options.provider,
      hasRoom: () => this.#waiting.length < mostAtOnce,
      add: (push) => this.add(push),
      drop: (core, place) => this.#finish(core, place),
      onJobDone: () => {
        this.stats.jobs++;
      },
    });
  }

  start(): void {
    this.#sweep.start();
  }

  /** What is under way is not waited for: the outbox holds it. */
  stop(): void {
    this.#isStopped = true;
    this.#sweep.stop();
    this.#waiting.length = 0;
    clearTimeout(this.#removal);
    for (const wake of this.#pauses) wake();
  }

  isHere(appId: number, userId: string): boolean {
    return this.#options.isHere?.(appId, userId) ?? false;
  }

  wakeForJobs(): void {
    this.#sweep.wakeForJobs();
  }

  add(push: PlannedPush): void {
    if (this.#isStopped || this.#waiting.length >= mostWaiting) return;
    this.#waiting.push(push);
    this.stats.waiting = this.#waiting.length;
    if (this.#active < mostAtOnce) void this.#work();
  }

  async #work(): Promise<void> {
    this.#active++;
    // Not in the caller's turn: it has a message to deliver.
    await null;
    for (let push = this.#waiting.shift(); push !== undefined; push = this.#waiting.shift()) {
      this.stats.waiting = this.#waiting.length;
      // Too late to be sure that it is ours yet.
      if (performance.now() - push.since > this.hold / 2) continue;
      try {
        const { sent, failed } = await notify(push.core, this.#options.provider, push);
        this.stats.sent += sent;
        if (failed.length === 0) this.#finish(push.core, placeOf(push));
        else void this.#retry(push, failed);
      } catch (error) {
        if (!this.#isStopped) this.#options.onError(error);
      }
    }
    this.#active--;
  }

  /** Those that failed, alone; then the message is left to whoever takes it next, with all whom it concerns. */
  async #retry(push: PlannedPush, failed: Push[]): Promise<void> {
    let left = failed;
    try {
      for (const pause of this.#times.retries) {
        if (this.#retried + left.length > mostRetried) break;
        this.#retried += left.length;
        await this.#pause(pause);
        this.#retried -= left.length;
        if (this.#isStopped) return;
        const again = await handOver(push.core, this.#options.provider, left);
        this.stats.sent += again.sent;
        left = again.failed;
        if (left.length === 0) return this.#finish(push.core, placeOf(push));
      }
      this.stats.failed += left.length;
      await push.core.store.postponePushes([placeOf(push)], this.hold);
    } catch (error) {
      if (!this.#isStopped) this.#options.onError(error);
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#pauses.add(wake);
    });
  }

  #finish(core: Core, place: { conversationId: number; sentAt: number }): void {
    if (this.#isStopped) return;
    const places = this.#done.get(core) ?? [];
    this.#done.set(core, places);
    places.push(place);
    if (places.length >= removedAtOnce) this.#removeDone();
    else this.#removal ??= setTimeout(() => this.#removeDone(), gatherFor);
  }

  #removeDone(): void {
    clearTimeout(this.#removal);
    this.#removal = undefined;
    for (const [core, places] of this.#done)
      core.store.finishPushes(places).then(
        () => {
          this.stats.done += places.length;
        },
        (error) => {
          if (!this.#isStopped) this.#options.onError(error);
        },
      );
    this.#done.clear();
  }
}
