import { randomUUID } from "node:crypto";
import type { Bus } from "../../ports/bus.ts";
import type { CoreEvent } from "../events.ts";
import { AppDesk } from "./app-desk.ts";
import { Confirmations } from "./confirmations.ts";
import { addressOf, everyNode, mayHaveOwnSubject } from "./event-address.ts";
import { conversationKey, userKey } from "./keys.ts";
import { LargeSubjects } from "./large-subjects.ts";
import { OwnInterest } from "./own-interest.ts";
import { forgottenAfter, Peer, silentAfter } from "./peer.ts";
import type { AppInterest, AppListeners, Clock, Router, RouterOptions, RouterStats } from "./router.ts";
import {
  type Announced,
  type Beat,
  type Confirmed,
  keySubject,
  nodeSubject,
  nodesSubject,
  type Routed,
  type RouterMessage,
  type Told,
  tellWhole,
} from "./wire.ts";

const tickMilliseconds = 250;
const ticksABeat = 4;
/** Between two announcements; grows by a millisecond with each node that must confirm them. */
const leastPause = 2;
/** Conversations named in one beat. */
const mostCrowds = 1000;

const realClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** One of many nodes; `router.ts` says how it works, and why nobody misses anything. */
export class ClusterRouter implements Router {
  readonly ready: Promise<void>;
  readonly stats: RouterStats;
  readonly leastCrowd: number;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #id: string;
  readonly #threshold: number;
  readonly #desk: AppDesk;
  readonly #own: OwnInterest;
  readonly #large: LargeSubjects;
  readonly #confirmations = new Confirmations();
  readonly #peers = new Map<string, Peer>();
  readonly #leaving: (() => void)[];
  #relations = 0;
  #hasPublished = false;
  #announcement: Promise<void> | null = null;
  #announcedAt = Number.NEGATIVE_INFINITY;
  #ticks = 0;
  #cancelTick = () => {};
  #isStopped = false;

  constructor({ bus, nodeId, largeListeners, mostKeys, onError, clock = realClock }: RouterOptions) {
    this.#bus = bus;
    this.#clock = clock;
    // Of this start alone: who comes back after a while must not be taken for who went.
    this.#id = nodeId ?? randomUUID();
    this.#threshold = largeListeners;
    this.leastCrowd = Math.max(2, Math.floor(largeListeners / 64));
    this.#desk = new AppDesk(onError);
    this.#own = new OwnInterest(mostKeys);
    const onMessage = (message: unknown) => this.#receive(message as RouterMessage);
    this.#large = new LargeSubjects({
      bus,
      clock,
      own: this.#own,
      threshold: largeListeners,
      onMessage,
      announce: () => this.#announce(),
    });
    this.stats = this.#countStats();
    this.#leaving = [
      bus.subscribe(nodesSubject, onMessage),
      bus.subscribe(nodeSubject(this.#id), onMessage),
      bus.onGap((subject) => this.#missed(subject)),
    ];
    this.ready = bus.ready().then(() => {
      if (this.#isStopped) return;
      this.#beat();
      this.#cancelTick = clock.after(tickMilliseconds, () => this.#tick());
    });
  }

  publish(appId: number, event: CoreEvent): void {
    this.#hasPublished = true;
    this.#desk.deliver(appId, event);
    if (this.#peers.size === 0 || this.#isStopped) return;
    const keys = addressOf(appId, event);
    const large = keys !== everyNode && mayHaveOwnSubject(event) ? (keys[0] as number) : null;
    const subjects: string[] = [];
    const direct: string[] = [this.#id];
    let isOnOwnSubject = false;
    for (const peer of this.#peers.values()) {
      const { interest } = peer;
      const isOnOwn = keys !== everyNode && interest.wantsOnOwnSubject(keys);
      if (keys === everyNode || interest.wantsDirectly(keys) || (isOnOwn && large === null)) {
        subjects.push(peer.subject);
        direct.push(peer.id);
        if (!interest.isSure) this.stats.floodedEvents++;
      } else if (isOnOwn) isOnOwnSubject = true;
    }
    const routed: Routed = { kind: "event", app: appId, event };
    if (subjects.length > 0) this.#bus.publish(subjects, routed);
    this.stats.routedEvents += subjects.length;
    if (!isOnOwnSubject) return;
    this.#bus.publish(keySubject(large as number), { ...routed, but: direct });
    this.stats.largeEvents++;
    this.stats.routedEvents++;
  }

  join(appId: number, listeners: AppListeners): AppInterest {
    const leave = this.#desk.join(appId, listeners);
    return {
      addConversations: (ids) => {
        for (const id of ids) this.#own.add(conversationKey(appId, id));
        return this.#announce();
      },
      dropConversation: (id) => this.#drop(conversationKey(appId, id)),
      addUser: (userId) => {
        this.#own.add(userKey(appId, userId));
        return this.#announce();
      },
      dropUser: (userId) => this.#drop(userKey(appId, userId)),
      leave,
    };
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancelTick();
    this.#bus.publish(nodesSubject, { kind: "left", from: this.#id } satisfies RouterMessage);
    for (const leave of this.#leaving) leave();
    this.#large.clear();
    this.#peers.clear();
    this.#confirmations.goOn(Number.POSITIVE_INFINITY);
  }

  #drop(key: number): void {
    this.#own.drop(key);
    if (!this.#own.has(key)) this.#large.drop(key);
    void this.#announce();
  }

  /** Gathers what changed and tells it soon. Resolves when all know; null if they do already, or nobody is there. */
  #announce(): Promise<void> | null {
    if (this.#isStopped) return null;
    if (!this.#announcement && !this.#own.isDirty) {
      const { version } = this.#own;
      return this.#lowestConfirmed() >= version ? null : this.#confirmations.wait(version, this.#clock.now());
    }
    this.#announcement ??= new Promise<void>((resolve) => {
      const pause = Math.max(leastPause, this.#peers.size);
      const wait = Math.max(0, this.#announcedAt + pause - this.#clock.now());
      this.#clock.after(wait, () => {
        this.#announcement = null;
        this.#tellChanges();
        const now = this.#clock.now();
        const { version } = this.#own;
        resolve(this.#lowestConfirmed() >= version ? undefined : this.#confirmations.wait(version, now));
        // While NATS is away there is nothing to wait for; when it is back, the store is read.
        if (this.#bus.stats?.isConnected === false) this.#confirmations.goOn(version);
      });
    });
    return this.#peers.size === 0 ? null : this.#announcement;
  }

  #tellChanges(): void {
    if (this.#isStopped) return;
    const base = this.#own.version;
    const change = this.#own.next();
    if (change === null) return;
    this.#announcedAt = this.#clock.now();
    if (change === "whole") this.#beat();
    else this.#say({ kind: "announced", from: this.#id, base, version: this.#own.version, ...change });
  }

  /** Of the nodes that are there: the version that all of them have confirmed. */
  #lowestConfirmed(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const peer of this.#peers.values())
      if (!peer.isSilent && peer.confirmed < lowest) lowest = peer.confirmed;
    return lowest;
  }

  #settle(): void {
    if (this.#confirmations.settle(this.#lowestConfirmed())) this.#recheck();
  }

  #recheck(): void {
    this.stats.rechecks++;
    this.#desk.recheck();
  }

  #missed(subject: string | null): void {
    // A lost change shows in the next beat; until then everybody is sent everything.
    if (subject === null || subject === nodesSubject)
      for (const { interest } of this.#peers.values()) interest.doubt();
    if (subject !== nodesSubject) this.#recheck();
  }

  #tick(): void {
    this.#cancelTick = this.#clock.after(tickMilliseconds, () => this.#tick());
    for (const peer of this.#peers.values()) {
      if (++peer.silentTicks === silentAfter) {
        // It may have stored a message and died before it could say so.
        this.#recheck();
      }
      if (peer.silentTicks >= forgottenAfter) this.#peers.delete(peer.id);
    }
    this.#confirmations.tick(this.#clock.now());
    this.#settle();
    if (++this.#ticks % ticksABeat === 0) this.#beat();
  }

  #beat(): void {
    const { version, digest, isAll } = this.#own;
    const crowds = this.#findCrowds();
    this.#say({ kind: "beat", from: this.#id, version, digest, isAll, crowds });
    const listeners = new Map(crowds);
    for (const peer of this.#peers.values())
      for (const [key, count] of peer.crowds) listeners.set(key, (listeners.get(key) ?? 0) + count);
    this.#large.review(listeners);
  }

  /** Up to 32 nodes, what is not told of because few listen on each is at most half of the threshold in all. */
  #findCrowds(): [key: number, listeners: number][] {
    const crowds: [number, number][] = [];
    if (this.#peers.size === 0) return crowds;
    const least = Math.max(this.leastCrowd, Math.floor(this.#threshold / 2 / (this.#peers.size + 1)));
    for (const [appId, listeners] of this.#desk.all())
      for (const [id, count] of listeners.crowds(least)) crowds.push([conversationKey(appId, id), count]);
    if (crowds.length <= mostCrowds) return crowds;
    return crowds.sort(([, one], [, other]) => other - one).slice(0, mostCrowds);
  }

  #say(message: RouterMessage): void {
    this.#bus.publish(nodesSubject, message);
  }

  #receive(message: RouterMessage): void {
    if (message.kind === "event") {
      if (message.but?.includes(this.#id)) return;
      this.stats.heardEvents++;
      this.#desk.deliver(message.app, message.event);
      return;
    }
    if (message.from === this.#id || this.#isStopped) return;
    if (message.kind === "left") {
      this.#peers.delete(message.from);
      this.#settle();
      return;
    }
    const peer = this.#meet(message.from);
    if (message.kind === "confirmed") this.#noteConfirmation(peer, message);
    else if (message.kind === "asked") {
      for (const part of tellWhole(this.#id, this.#own)) this.#bus.publish(peer.subject, part);
    } else if (message.kind === "announced" || message.kind === "beat" || message.kind === "told")
      this.#learn(peer, message);
    // What it wants was not said by what it said first.
    if (peer.interest.version < 0) this.#ask(peer);
  }

  #meet(id: string): Peer {
    let peer = this.#peers.get(id);
    if (!peer) {
      peer = new Peer(id, this.#relations++, !this.#hasPublished);
      this.#peers.set(id, peer);
    }
    // What was announced meanwhile was not waited for.
    if (peer.isSilent) this.#confirmations.goOn(this.#own.version);
    peer.silentTicks = 0;
    return peer;
  }

  #ask({ subject }: Peer): void {
    this.#bus.publish(subject, { kind: "asked", from: this.#id } satisfies RouterMessage);
  }

  #learn(peer: Peer, message: Announced | Beat | Told): void {
    const { interest } = peer;
    const mustAsk = interest[message.kind](message as never);
    if (message.kind === "beat") peer.crowds = message.crowds;
    if (mustAsk) this.#ask(peer);
    const { relation, isWhole } = peer;
    const { version } = interest;
    const confirmed: Confirmed = { kind: "confirmed", from: this.#id, version, relation, isWhole };
    if (version >= 0) this.#bus.publish(peer.subject, confirmed);
  }

  #noteConfirmation(peer: Peer, { version, relation, isWhole }: Confirmed): void {
    if (peer.theirRelation === relation) peer.confirmed = Math.max(peer.confirmed, version);
    else {
      peer.theirRelation = relation;
      peer.confirmed = version;
      if (!isWhole) {
        this.#recheck();
        // It may go by an older version yet, which nobody waited for it to leave behind.
        this.#confirmations.goOn(this.#own.version + (this.#own.isDirty ? 1 : 0));
      }
    }
    this.#settle();
  }

  /** Sizes are counted when somebody looks. */
  #countStats(): RouterStats {
    const [peers, own, large] = [this.#peers, this.#own, this.#large];
    return {
      routedEvents: 0,
      floodedEvents: 0,
      largeEvents: 0,
      heardEvents: 0,
      rechecks: 0,
      get peers() {
        return peers.size;
      },
      get interestKeys() {
        return own.size;
      },
      get peerInterestBytes() {
        let bytes = 0;
        for (const { interest } of peers.values()) bytes += interest.bytes;
        return bytes;
      },
      get largeSubjects() {
        return large.size;
      },
    };
  }
}
