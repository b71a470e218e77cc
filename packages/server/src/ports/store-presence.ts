/**
 * The part of the store that knows which nodes live and who is connected to them.
 *
 * A node lives as long as its lease, by the clock of the store alone. Presence belongs to a lease and counts while the
 * lease lasts: when it ends, everybody who was online through it is offline at that moment, with no row written.
 */

import type { Micros, Millis } from "./store.ts";

/** What a node says about itself, for people to read. */
export interface NodeFacts {
  /** Short and unique; that of one run of a server. */
  nodeId: string;
  /** Where it listens. */
  address: string;
  version: string;
}

export interface NodeLease extends NodeFacts {
  /** Names the lease, a safe integer, never given twice. A node that lost its lease takes another one. */
  leaseId: number;
  startedAt: Millis;
  /** Milliseconds left by the store's clock; below zero since it ended. */
  remaining: Millis;
  /** Connections that are written under it. */
  connections: number;
}

/** The nodes of a deployment. */
export interface NodeDirectory {
  /** Resolves to the id of a new lease. `isAlone`: no other node can be alive, so all other leases end. */
  takeLease(node: NodeFacts, duration: Millis, isAlone: boolean): Promise<number>;
  /** False: it had ended; it stays so, and what was written under it no longer counts. */
  renewLease(leaseId: number, duration: Millis): Promise<boolean>;
  endLease(leaseId: number): Promise<void>;
  /** Ids of the leases that last. */
  listLiveLeases(): Promise<number[]>;
  /** All that are known, ended ones for a minute; the oldest first. */
  list(): Promise<NodeLease[]>;
  /** Removes up to `limit` rows that ended leases left behind; resolves to how many it removed. */
  purge(limit: number): Promise<number>;
}

/** A connection as the store knows it. */
export interface PresentConnection {
  userId: string;
  deviceId: string;
  /** Rising and unique within the node. */
  connectionId: number;
  /** What kind of device it is, as its dialect calls it; may be empty. */
  platform: string;
}

/** Milliseconds with their fractions, the same in all threads of a process, and never set back. */
export const nodeClock = (): Millis => performance.timeOrigin + performance.now();

/** A connection that is to be written. */
export interface NewConnection extends PresentConnection {
  /**
   * When it was opened, by the `nodeClock` of the node that writes it. Only how long ago that is counts, so that the clocks of
   * nodes need not agree.
   */
  openedAt: Millis;
}

/** At most 1000 entries together are handled well; all are written in one transaction, `left` first. */
export interface PresenceUpdate {
  /** Connection ids of this lease. */
  left: number[];
  /** Open before: take the place of their device only where no other live lease holds it, nor a newer connection of this one. */
  returned: NewConnection[];
  /** Take the place of their device from whoever holds it, but for one that was opened later. */
  arrived: NewConnection[];
  /** Not open yet: as those that returned, but all who are open come before them, and are not `held` for them. */
  claimed: NewConnection[];
}

export interface PresenceResult {
  /** Connection ids of those that were not written, because as many users are online as may be. */
  refused: number[];
  /** Connection ids of those that were not written, because another connection holds their device. */
  held: number[];
  /** Connections of other live leases that lost their device to one that arrived. */
  replaced: { userId: string; deviceId: string; leaseId: number; connectionId: number }[];
}

/** A device that is connected through a live lease. */
export interface Presence extends PresentConnection {
  leaseId: number;
  /** When it connected. */
  since: Micros;
}

/** One app's share. */
export interface PresenceStore {
  /**
   * Null: the lease has ended, and nothing was done. With `most`, new users are refused from that number of users
   * online on; those who are online may connect further devices. Updates of nodes that count do not run beside each
   * other, so that the number holds in the whole deployment.
   */
  updatePresence(
    leaseId: number,
    update: PresenceUpdate,
    most: number | null,
  ): Promise<PresenceResult | null>;
  /** Devices of these users that are connected, in no order. */
  findPresence(userIds: string[]): Promise<Presence[]>;
  /** Users who are online, each once. */
  countOnline(): Promise<number>;
  /** Users who are online in order of their id, after `afterUserId`, at most `limit`. */
  listOnline(afterUserId: string | null, limit: number): Promise<string[]>;
}
