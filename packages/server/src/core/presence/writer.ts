import { ParlanceError } from "../../errors.ts";
import type { AppStore } from "../../ports/store.ts";
import type { NewConnection, PresenceResult, PresenceUpdate } from "../../ports/store-presence.ts";
import type { NodeLease } from "../nodes/node-lease.ts";

/** A connection as it is written; the gateway's are such. */
export interface PresentLink {
  /** Rising and unique within the node. */
  readonly id: number;
  readonly deviceId: string;
  readonly platform: string;
  /** By `nodeClock`. */
  readonly openedAt: number;
  readonly user: { readonly userId: string };
}

export interface PresenceWriterOptions<Link extends PresentLink> {
  store: AppStore;
  lease: NodeLease;
  /** Most users online at once; null is no limit. */
  most(): number | null;
  /** Everybody who is connected here, when all has to be written anew. */
  present(): Iterable<Link>;
  /** A newer connection holds the device: this one must end. */
  onReplaced(link: Link): void;
  /** As many users are online as may be: this connection must end. */
  onRefused(link: Link): void;
  /** A connection of another node lost its device to one of ours. */
  onDeviceTaken(older: PresenceResult["replaced"][number]): void;
  /** Users whose connections are in the store as they are here now, after they had changed. */
  onChanged(userIds: ReadonlySet<string>): void;
  onError(error: unknown): void;
}

/** Entries written at once. */
const batchSize = 1000;
/** Milliseconds that changes gather: long enough for a storm and for those who come and go, too short to be noticed. */
const gathering = 50;
/** Milliseconds after the store failed. */
const retryAfter = 500;
/** Departures that wait to be written; above it a new lease without them is less work. */
const mostLeaving = 100_000;

interface Claim {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Writes who is connected to this node, for one app. Changes gather and are written many at once, one batch after the
 * other; who came and left meanwhile is never written. Only a limit of people online makes a connection wait for it.
 */
export class PresenceWriter<Link extends PresentLink> {
  readonly #options: PresenceWriterOptions<Link>;
  #claims = new Map<PresentLink, Claim>();
  #returned = new Set<Link>();
  #arrived = new Set<Link>();
  /** Connection ids and whose they were. */
  #left = new Map<number, string>();
  /** Who left since the batch was taken that is being written, also if their lease went and nothing of them waits. */
  readonly #leftMeanwhile = new Set<number>();
  /** More left than could be remembered: only another lease is free of them. */
  #hasForgotten = false;
  #writing: Promise<boolean> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isClosed = false;
  #isStopped = false;
  readonly #unsubscribe: () => void;

  constructor(options: PresenceWriterOptions<Link>) {
    this.#options = options;
    this.#unsubscribe = options.lease.onTaken(() => this.#writeAll());
  }

  /**
   * Resolves when the user has a place among those who may be online; `leave` gives it back. Throws `tooManyOnline`,
   * `unavailable`, and then there is nothing to give back.
   */
  claim(link: PresentLink): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new ParlanceError("unavailable");
      this.#claims.set(link, { resolve, reject });
      this.#wake(0);
    });
  }

  /** The connection is open: it takes its device from whoever held it, but for one that was opened later elsewhere. */
  arrive(link: Link): void {
    if (this.#isClosed) return;
    this.#arrived.add(link);
    this.#wake(gathering);
  }

  /** The connection was open before, and the store may not know it. */
  affirm(link: Link): void {
    if (this.#isClosed) return;
    this.#returned.add(link);
    this.#wake(gathering);
  }

  /** The connection is gone, or never came to be. Harmless for one that was not written. */
  leave(link: Link): void {
    this.#returned.delete(link);
    this.#arrived.delete(link);
    if (this.#writing) this.#leftMeanwhile.add(link.id);
    if (this.#left.size < mostLeaving) this.#left.set(link.id, link.user.userId);
    else this.#hasForgotten = true;
    this.#wake(gathering);
  }

  /** What the store says of this connection is older than what this node knows. */
  isWaiting(link: Link): boolean {
    return this.#arrived.has(link) || this.#returned.has(link);
  }

  /** Resolves when everything so far is written, or could not be. */
  async flush(): Promise<void> {
    await this.#writing;
    while ((await this.#run()) && this.#waiting > 0);
  }

  /**
   * Lets nobody in any more: who waits is refused. Departures are written all the same, also those that come later,
   * as long as the node has a lease. Resolves as `flush` does.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#refuse(this.#claims);
    this.#returned.clear();
    this.#arrived.clear();
    await this.flush();
  }

  /** Writes nothing any more; what waits is dropped, and who waits is refused. */
  stop(): void {
    this.#isStopped = this.#isClosed = true;
    this.#unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
    this.#refuse(this.#claims);
  }

  #refuse(claims: Batch<Link>["claims"]): void {
    for (const { reject } of claims.values()) reject(new ParlanceError("unavailable"));
    claims.clear();
  }

  /** The rows so far went with their lease. */
  #writeAll(): void {
    this.#left.clear();
    this.#hasForgotten = false;
    for (const link of this.#options.present()) if (!this.#arrived.has(link)) this.#returned.add(link);
    this.#wake(0);
  }

  get #waiting(): number {
    return this.#claims.size + this.#returned.size + this.#arrived.size + this.#left.size;
  }

  /** Without a lease there is nothing to write. */
  get #isOver(): boolean {
    return this.#isStopped || this.#options.lease.isStopped;
  }

  #wake(delay: number): void {
    if (this.#isOver || this.#writing || (this.#timer && delay > 0)) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), delay);
  }

  /** One batch after the other: what a connection does is written in the order in which it did it. False: it failed. */
  #run(): Promise<boolean> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#isOver) return Promise.resolve(false);
    this.#writing ??= this.#write().then((hasWritten) => {
      this.#writing = null;
      if (this.#waiting > 0) this.#wake(hasWritten ? gathering : retryAfter);
      return hasWritten;
    });
    return this.#writing;
  }

  /** Until what waits may gather again. False: the store failed. */
  async #write(): Promise<boolean> {
    const { store, lease, most } = this.#options;
    do {
      if (this.#hasForgotten) await lease.abandon();
      const batch = this.#takeBatch();
      const leaseId = lease.id;
      try {
        if (this.#hasForgotten) throw new ParlanceError("unavailable");
        const result = await store.updatePresence(leaseId, toUpdate(batch), most());
        if (result) this.#settle(batch, result);
        else await this.#replaceLease(leaseId, batch);
      } catch (error) {
        this.#fail(batch, error);
        return false;
      }
    } while (!this.#isOver && (this.#claims.size > 0 || this.#waiting >= batchSize));
    return true;
  }

  /** The lease had ended before the batch was written. */
  async #replaceLease(ended: number, batch: Batch<Link>): Promise<void> {
    const { lease } = this.#options;
    await lease.renew();
    if (lease.id === ended) throw new ParlanceError("unavailable");
    batch.left.clear();
    this.#putBack(batch);
  }

  /** Who leaves comes first: it may make a place for who comes; and who asks for a place last, behind all who are here. */
  #takeBatch(): Batch<Link> {
    this.#leftMeanwhile.clear();
    let room = batchSize;
    const take = <Entry>(waiting: Iterable<Entry>, remove: (entry: Entry) => void): Entry[] => {
      const taken: Entry[] = [];
      for (const entry of waiting) {
        if (room === 0) break;
        room--;
        taken.push(entry);
        remove(entry);
      }
      return taken;
    };
    return {
      left: new Map(take(this.#left, ([id]) => this.#left.delete(id))),
      returned: take(this.#returned, (link) => this.#returned.delete(link)),
      arrived: take(this.#arrived, (link) => this.#arrived.delete(link)),
      claims: new Map(take(this.#claims, ([link]) => this.#claims.delete(link))),
    };
  }

  #settle(batch: Batch<Link>, { refused, held, replaced }: PresenceResult): void {
    const { onRefused, onReplaced, onDeviceTaken, onChanged } = this.#options;
    const [isRefused, isHeld] = [new Set(refused), new Set(held)];
    for (const [link, claim] of batch.claims) {
      if (isRefused.has(link.id)) claim.reject(new ParlanceError("tooManyOnline"));
      else claim.resolve();
    }
    for (const link of [...batch.returned, ...batch.arrived]) if (isRefused.has(link.id)) onRefused(link);
    for (const link of [...batch.returned, ...batch.arrived]) if (isHeld.has(link.id)) onReplaced(link);
    for (const older of replaced) onDeviceTaken(older);
    const changed = new Set<string>(batch.left.values());
    for (const link of [...batch.returned, ...batch.arrived]) changed.add(link.user.userId);
    if (changed.size > 0) onChanged(changed);
  }

  /** But those who left meanwhile: they must not be written behind their leaving. */
  #putBack(batch: Batch<Link>): void {
    for (const [id, userId] of batch.left) this.#left.set(id, userId);
    if (this.#isClosed) {
      this.#refuse(batch.claims);
      return;
    }
    for (const [link, claim] of batch.claims) this.#claims.set(link, claim);
    for (const link of batch.arrived) if (!this.#leftMeanwhile.has(link.id)) this.#arrived.add(link);
    for (const link of batch.returned) if (!this.#leftMeanwhile.has(link.id)) this.#returned.add(link);
  }

  /** Those who wait are refused; the rest is tried again, unless the store will never take it. */
  #fail(batch: Batch<Link>, error: unknown): void {
    for (const [link, { reject }] of batch.claims) {
      reject(error);
      // It may have been written all the same.
      batch.left.set(link.id, link.user.userId);
    }
    batch.claims.clear();
    if (!(error instanceof ParlanceError && error.code === "unavailable"))
      batch.returned = batch.arrived = [];
    this.#putBack(batch);
    if (!this.#isOver) this.#options.onError(error);
  }
}

interface Batch<Link> {
  left: Map<number, string>;
  claims: Map<PresentLink, Claim>;
  returned: Link[];
  arrived: Link[];
}

const toRow = ({ id, deviceId, platform, openedAt, user }: PresentLink): NewConnection => ({
  userId: user.userId,
  deviceId,
  connectionId: id,
  platform,
  openedAt,
});

const toUpdate = ({ left, claims, returned, arrived }: Batch<PresentLink>): PresenceUpdate => ({
  left: [...left.keys()],
  returned: returned.map(toRow),
  arrived: arrived.map(toRow),
  claimed: [...claims.keys()].map(toRow),
});
