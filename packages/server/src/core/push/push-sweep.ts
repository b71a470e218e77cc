import type { PushProvider } from "../../ports/push.ts";
import type { Store } from "../../ports/store.ts";
import type { DuePush } from "../../ports/store-push.ts";
import type { Core } from "../core.ts";
import type { PlannedPush } from "./push-desk.ts";
import { runPushJob } from "./push-jobs.ts";
import type { PusherTimes } from "./pusher.ts";

export interface PushSweepOptions {
  store: Store;
  provider: PushProvider;
  times: PusherTimes;
  coreOf(appId: number): Core | undefined;
  /** Whether more may be taken: what was taken must be seen to while it is held. */
  hasRoom(): boolean;
  add(push: PlannedPush): void;
  drop(core: Core, place: { conversationId: number; sentAt: number }): void;
  onError(error: unknown): void;
}

const takenAtOnce = 50;
const jobsAtOnce = 2;

/** Looks for what is due and nobody sees to: messages, and notifications of the apps' own. */
export class PushSweep {
  readonly #options: PushSweepOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;
  #jobs = 0;

  constructor(options: PushSweepOptions) {
    this.#options = options;
  }

  start(): void {
    const { sweep } = this.#options.times;
    const look = async () => {
      try {
        await this.#lookForMessages();
        await this.#lookForJobs();
      } catch (error) {
        if (!this.#isStopped) this.#options.onError(error);
      }
      // Nodes that started together must not look together for ever.
      if (!this.#isStopped) this.#timer = setTimeout(look, sweep * (0.75 + Math.random() / 2));
    };
    this.#timer = setTimeout(look, sweep * Math.random());
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #lookForMessages(): Promise<void> {
    const { store, times, hasRoom } = this.#options;
    while (!this.#isStopped && hasRoom()) {
      const due = await store.pushes.claimPushes(takenAtOnce, times.hold);
      for (const one of due) await this.#take(one);
      if (due.length < takenAtOnce) return;
    }
  }

  async #take({ appId, conversationId, sentAt, wish }: DuePush): Promise<void> {
    const { coreOf, times, add, drop } = this.#options;
    const core = coreOf(appId);
    // An app that is switched off notifies nobody; of one that is deleted the rows go by themselves.
    if (core === undefined || !core.app.isActive) return;
    const place = { conversationId, sentAt };
    const isLate = Date.now() - sentAt / 1000 > times.tooLate;
    const message = isLate ? null : await core.store.findMessage(conversationId, sentAt);
    const [head] = message?.isActive ? await core.store.findHeads([conversationId]) : [];
    if (!message || !head) {
      if (isLate) core.log.info({ place }, "nobody could be notified in time");
      drop(core, place);
      return;
    }
    const since = performance.now();
    add({
      core,
      conversation: head.conversation,
      message,
      wish: wish === null ? {} : JSON.parse(wish),
      since,
    });
  }

  /** One is due now, on whichever node that is. */
  wakeForJobs(): void {
    this.#lookForJobs().catch((error) => {
      if (!this.#isStopped) this.#options.onError(error);
    });
  }

  async #lookForJobs(): Promise<void> {
    const { store, times, provider, coreOf, onError } = this.#options;
    const room = jobsAtOnce - this.#jobs;
    if (this.#isStopped || room <= 0) return;
    for (const job of await store.pushes.claimPushJobs(room, times.hold)) {
      const core = coreOf(job.appId);
      if (core === undefined || !core.app.isActive) continue;
      this.#jobs++;
      const { hold, tooLate } = times;
      runPushJob(core, provider, job, { hold, tooLate, isStopped: () => this.#isStopped })
        .catch((error) => {
          if (!this.#isStopped) onError(error);
        })
        .finally(() => {
          this.#jobs--;
          this.wakeForJobs();
        });
    }
  }
}
