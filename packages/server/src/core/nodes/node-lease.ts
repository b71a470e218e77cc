import type { Millis } from "../../ports/store.ts";
import type { NodeDirectory, NodeFacts } from "../../ports/store-presence.ts";

export interface NodeLeaseOptions {
  nodes: NodeDirectory;
  facts: NodeFacts;
  duration: Millis;
  /** No other node can be alive: the data are this process' own. */
  isAlone: boolean;
  onError(error: unknown): void;
}

/** Renewals within one lease: two may fail before it ends. */
const renewalsPerLease = 3;
/** Rows that ended leases left behind, removed at once, and milliseconds between two such pieces. */
const purgePiece = 500;
const purgePause = 50;
/** Milliseconds that a stop waits for the store; without it the lease ends by itself. */
const stopPatience = 1000;

/**
 * This node's lease: proof for the others that it lives. It is renewed at a third of its time. A node that was paused,
 * or cut off from the store, for longer finds it ended, takes another, and whoever wrote something under the old one
 * writes it again (`onTaken`).
 */
export class NodeLease {
  readonly #options: NodeLeaseOptions;
  readonly #onTaken = new Set<() => void>();
  readonly #onEnded = new Set<(leaseIds: ReadonlySet<number>) => void>();
  #leaseId = 0;
  #alive: ReadonlySet<number> = new Set();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #purgeTimer: ReturnType<typeof setTimeout> | null = null;
  #renewing: Promise<void> | null = null;
  #isStopped = false;

  constructor(options: NodeLeaseOptions) {
    this.#options = options;
  }

  get nodeId(): string {
    return this.#options.facts.nodeId;
  }

  /** What is to be written belongs to this lease; the store says if it has ended. */
  get id(): number {
    return this.#leaseId;
  }

  /** Leases of all nodes, as they were known to last at the last renewal. */
  get alive(): ReadonlySet<number> {
    return this.#alive;
  }

  /** From the beginning of `stop` on. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Resolves when the first lease is taken. */
  async start(): Promise<void> {
    await this.#take(this.#options.isAlone);
    this.#alive = new Set(await this.#options.nodes.listLiveLeases());
    this.#schedule();
    this.#purge();
  }

  /** Ends the lease at once: for everybody else this node's users are offline now. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#purgeTimer) clearTimeout(this.#purgeTimer);
    const { nodes, onError } = this.#options;
    const ending = (this.#renewing ?? Promise.resolve())
      .then(() => nodes.endLease(this.#leaseId))
      .catch(onError);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stopPatience);
    });
    await Promise.race([ending, patience]);
    clearTimeout(timer);
  }

  /** Called with no arguments after another lease was taken. Returns how to stop listening. */
  onTaken(handler: () => void): () => void {
    this.#onTaken.add(handler);
    return () => this.#onTaken.delete(handler);
  }

  /** Called with leases, of whichever node, that do not last any more. Returns how to stop listening. */
  onEnded(handler: (leaseIds: ReadonlySet<number>) => void): () => void {
    this.#onEnded.add(handler);
    return () => this.#onEnded.delete(handler);
  }

  /** Renews now, because there is reason to doubt the lease; a lease that has ended is replaced. Never throws. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew()
      .catch(this.#options.onError)
      .finally(() => {
        this.#renewing = null;
      });
    return this.#renewing;
  }

  /** Ends this lease and takes another: what is written under it can't be kept up to date any more. */
  async abandon(): Promise<void> {
    await this.#options.nodes.endLease(this.#leaseId).catch(this.#options.onError);
    await this.renew();
  }

  async #renew(): Promise<void> {
    if (this.#isStopped) return;
    const { nodes, duration } = this.#options;
    if (!(await nodes.renewLease(this.#leaseId, duration))) {
      await this.#take(false);
      for (const handler of this.#onTaken) handler();
    }
    const before = this.#alive;
    this.#alive = new Set(await nodes.listLiveLeases());
    const ended = new Set([...before].filter((id) => !this.#alive.has(id)));
    if (ended.size === 0) return;
    for (const handler of this.#onEnded) handler(ended);
    // What waits for their people to be gone begins to count when their rows are removed.
    this.#purge(0);
  }

  async #take(isAlone: boolean): Promise<void> {
    const { nodes, facts, duration } = this.#options;
    this.#leaseId = await nodes.takeLease(facts, duration, isAlone);
  }

  #schedule(): void {
    this.#timer = setTimeout(async () => {
      await this.renew();
      if (!this.#isStopped) this.#schedule();
    }, this.#options.duration / renewalsPerLease);
  }

  #purge(delay = this.#options.duration): void {
    if (this.#purgeTimer) clearTimeout(this.#purgeTimer);
    this.#purgeTimer = setTimeout(async () => {
      let removed = 0;
      do {
        removed = await this.#options.nodes.purge(purgePiece).catch((error) => {
          this.#options.onError(error);
          return 0;
        });
        if (removed > 0) await new Promise((resolve) => setTimeout(resolve, purgePause));
      } while (removed > 0 && !this.#isStopped);
      if (!this.#isStopped) this.#purge();
    }, delay);
  }
}
