/**
 * The router takes events to the nodes that have listeners for them, and to no others.
 *
 * Each node tells the others its *interest*: a number (`keys.ts`) for each conversation that somebody hears there and
 * each user who is online there. Changes are gathered for some milliseconds, numbered, and told to all; a beat every
 * second repeats the version and a digest, so that a copy that is not the original is found out and read anew. Who
 * publishes asks its copies and sends the event once to each node concerned. In doubt of a copy it sends everything.
 *
 * **Why nobody misses a message.** Take a listener on node N, and a message of publisher P. N does three things in this
 * order: it announces the interest as version v; it waits until every node it knows has *confirmed* v; it reads from
 * the store where the log ends, and delivers what comes after (`LogOrder.follow`).
 *
 * 1. P confirms v only when it has applied v, or floods N because it has not. It says so on N's own subject. So
 *    whatever P publishes after its confirmation goes to that subject, behind it.
 * 2. Whatever P published before it confirmed was in the store before that, so before N reads the end of the log.
 * 3. The bus counts what P publishes on N's subject and tells of a loss within a second (`Bus.onGap`), even if nothing
 *    more is sent. N has heard P on this subject, the confirmation, so that there is a count to miss something of.
 *    Then N reads from the store (`recheck`).
 *
 * What is left is a P that has not confirmed when N goes on:
 *
 * 4. *P is slow, or the announcement was lost.* N waits half a second at most, and reads the store once more when P has
 *    confirmed after all. P learns of v from the next beat at the latest, a second later.
 * 5. *P and N do not know each other*, because one has just started or they could not reach each other for long. Each
 *    finds the other by its next beat. From then on P floods N, and N is told with P's confirmation whether P had
 *    published anything before; if so N reads the store. The number of the relation says whether P had forgotten N
 *    in between.
 * 6. *P falls silent.* N reads the store, because P may have stored a message and died before it could say so, waits for
 *    P no longer, and reads again after the next confirmation of P, should it live.
 *
 * Not covered here: a P that is cut off, stores messages meanwhile, and dies before it could reach anybody again. The end
 * of P's lease in the store is a reason to read (`gateway/app-gateway.ts`).
 *
 * Each of 1. to 5. ends within two seconds of the moment when P and N can reach each other, given a bus that keeps its
 * promise; `cluster-router.test.ts` plays thousands of orders of events and losses and checks just that.
 *
 * **Large conversations.** Above so many listeners in the cluster, one subject of its own replaces those of the nodes:
 * a publisher sends once, however many nodes hear. Each node moves itself: it subscribes, waits for the bus, and then
 * announces that it takes this key there; on the way back it announces first, and leaves the subject two seconds after
 * all have confirmed, when what was on its way there has come or is missed. P sends an event on exactly one of the two ways, by its copy of N's interest, so that 1. to 6. hold for
 * either; in doubt it sends to N directly and says so in the copy on the large subject, which N then ignores.
 */

import type { Bus } from "../../ports/bus.ts";
import type { CoreEvent } from "../events.ts";
import { ClusterRouter } from "./cluster-router.ts";
import { LocalRouter } from "./local-router.ts";

/** One app's listeners on this node. */
export interface AppListeners {
  handle(event: CoreEvent): void;
  /** Events may have been missed: the store must be asked. */
  recheck(): void;
  /** Conversations that at least `least` people here hear, and how many do. */
  crowds(least: number): Iterable<readonly [conversationId: number, listeners: number]>;
}

/**
 * What one app's listeners on this node want to hear. What is wanted twice must be dropped twice. Promises resolve once
 * all that is published from then on is heard, or `recheck` follows; null stands for "already".
 */
export interface AppInterest {
  addConversations(ids: readonly number[]): Promise<void> | null;
  dropConversation(id: number): void;
  addUser(userId: string): Promise<void> | null;
  dropUser(userId: string): void;
  /** Nothing is handed to these listeners any more. */
  leave(): void;
}

/** Running totals since the start, and present sizes. */
export interface RouterStats {
  /** Copies of events that left for one node each, or once for all nodes on a large conversation's subject. */
  routedEvents: number;
  /** Those of them that left because this node was not sure whether they are wanted. */
  floodedEvents: number;
  /** Events that left on subjects of large conversations. */
  largeEvents: number;
  /** Events that came from other nodes. */
  heardEvents: number;
  /** Other nodes that are known now. */
  peers: number;
  /** Keys that this node wants to hear. */
  interestKeys: number;
  /** Bytes that the other nodes' interests take here. */
  peerInterestBytes: number;
  /** Large conversations that this node hears on their own subject now. */
  largeSubjects: number;
  /** How often listeners were told to ask the store. */
  rechecks: number;
}

export interface Router {
  /** Resolves when this node can hear the others. */
  readonly ready: Promise<void>;
  readonly stats: Readonly<RouterStats>;
  /** `AppListeners.crowds` is never asked for less. */
  readonly leastCrowd: number;
  /** To be called after what the event tells of is in the store. This node's listeners have it when the call returns. */
  publish(appId: number, event: CoreEvent): void;
  join(appId: number, listeners: AppListeners): AppInterest;
  /** Tells the others that this node publishes nothing any more. */
  stop(): void;
}

/** Time as the router sees it; tests have their own. */
export interface Clock {
  now(): number;
  /** Calls later, in milliseconds. Returns how to cancel. */
  after(milliseconds: number, call: () => void): () => void;
}

export interface RouterOptions {
  bus: Bus;
  /** Unique among nodes and starts; a random one if none is given. */
  nodeId?: string;
  /** Listeners in the cluster above which a conversation has a subject of its own. */
  largeListeners: number;
  /** Keys a node may tell the others of; one that wants more is sent everything. */
  mostKeys: number;
  onError(error: unknown): void;
  clock?: Clock;
}

/** A bus without a network has no other nodes: then nothing is routed, and nothing costs. */
export const createRouter = (options: RouterOptions): Router =>
  options.bus.stats ? new ClusterRouter(options) : new LocalRouter(options.onError);
