import type { AppInterest, Router } from "../core/cluster/router.ts";
import type { Core } from "../core/core.ts";
import type { CoreEvent } from "../core/events.ts";
import { LogOrder } from "../core/messages/log-order.ts";
import type { NodeLease } from "../core/nodes/node-lease.ts";
import type { NoticeGiven } from "../core/notices/notice.ts";
import { Audience, type UserFacts } from "../core/presence/audience.ts";
import { ChangeFeed } from "../core/presence/change-feed.ts";
import type { OnlineUser } from "../core/presence/online-user.ts";
import type { PresenceState } from "../core/presence/online-users.ts";
import { PresenceWatch } from "../core/presence/watch.ts";
import { PresenceWriter } from "../core/presence/writer.ts";
import type { ShutOut } from "../core/users/standing.ts";
import { ArrivalReadings } from "./arrival-readings.ts";
import { ChatroomNews } from "./chatroom-news.ts";
import type { CloseReason } from "./close-reasons.ts";
import type { Connection } from "./connection.ts";
import { Everybody } from "./everybody.ts";
import { type ConversationEvent, deliver, deliverTo, type FanOutStats } from "./fan-out.ts";
import { Memberships } from "./memberships.ts";
import type { Outbox } from "./outbox.ts";
import { recheckAudience } from "./recheck.ts";
import type { SocketDialect } from "./socket-dialect.ts";

export interface AppGatewayParts {
  router: Router;
  lease: NodeLease;
  dialects: readonly SocketDialect[];
  outbox: Outbox;
  stats: FanOutStats;
  onError(error: unknown): void;
}

/** One app's listeners on this node, and what reaches them. */
export class AppGateway {
  readonly core: Core;
  readonly audience: Audience<Connection>;
  readonly memberships: Memberships<Connection>;
  readonly order: LogOrder;
  readonly presence: PresenceWriter<Connection>;
  readonly watch: PresenceWatch<Connection>;
  readonly lease: NodeLease;
  readonly arrivals: ArrivalReadings;
  readonly everybody: Everybody;
  readonly #changes: ChangeFeed;
  readonly #chatroomNews: ChatroomNews;
  readonly #parts: AppGatewayParts;
  readonly #interest: AppInterest;
  readonly #unhearLeases: () => void;
  #isReconciling = false;
  #isStale = false;
  #isStopped = false;

  constructor(core: Core, parts: AppGatewayParts) {
    const { router, lease, outbox, stats, onError } = parts;
    this.core = core;
    this.lease = lease;
    // Nobody told this node of changes while it had no listeners.
    core.directRules.forgetAll();
    this.#parts = parts;
    this.arrivals = new ArrivalReadings(core.store);
    this.#interest = router.join(core.app.id, {
      handle: (event) => this.#handle(event),
      recheck: () => this.reconcile(),
      crowds: (least) => this.audience.crowds(least),
    });
    this.order = new LogOrder({
      originalOf: (message) => core.originals.of(message),
      store: core.store,
      interest: this.#interest,
      deliver: (event) => this.#deliver(event),
      onGone: (conversationId) => this.memberships.removeConversation(conversationId),
      onError,
    });
    this.audience = new Audience<Connection>({
      load: (userId) => this.#load(userId),
      onOffline: (userId) => this.#interest.dropUser(userId),
      crowd: router.leastCrowd,
    });
    this.memberships = new Memberships<Connection>({
      store: core.store,
      audience: this.audience,
      order: this.order,
      deliver: (users, event) => deliver(core, { listeners: () => users }, outbox, stats, event),
      onError,
    });
    this.everybody = new Everybody({ store: core.store, audience: this.audience, order: this.order });
    this.#chatroomNews = new ChatroomNews((event) => this.#deliver(event));
    this.#changes = new ChangeFeed((event) => core.publish(event));
    this.presence = new PresenceWriter<Connection>({
      store: core.store,
      lease,
      most: () => core.app.maxOnlineUsers,
      present: () => this.#openLinks(),
      onReplaced: (link) => this.#replace(link),
      onRefused: (link) => link.close("tooManyOnline"),
      onDeviceTaken: (older) => core.publish({ kind: "deviceConnected", ...older }),
      onChanged: (userIds) => this.#changes.add(userIds),
      onError,
    });
    this.watch = new PresenceWatch<Connection>({
      store: core.store,
      tell: (link, states) => tellPresence(link, states),
      onWanted: (isWanted) => this.#changes.want(isWanted),
      onError,
    });
    this.#unhearLeases = lease.onEnded((leaseIds) => {
      this.watch.hearEnded(leaseIds);
      // Its node may have stored, cut off from the others, what it could tell nobody of.
      this.reconcile();
    });
  }

  /** The connection is open: it takes its device from older connections, here at once and elsewhere through the store. */
  welcome(connection: Connection): void {
    for (const link of [...connection.user.links]) {
      if (link.state === "open" && link.deviceId === connection.deviceId && link.id < connection.id)
        this.#replace(link);
    }
    this.presence.arrive(connection);
  }

  /** The connection is gone, or never came to be. */
  leave(connection: Connection): void {
    this.audience.leave(connection.user, connection);
    this.watch.unwatch(connection);
    this.presence.leave(connection);
    if (connection.socket !== null) return;
    // It never opened, and may have asked for a place on the device of one that is open.
    for (const link of connection.user.links)
      if (link.state === "open" && link.deviceId === connection.deviceId) this.presence.affirm(link);
  }

  /** Asks the store what was missed; once at a time, and once more if it is asked for meanwhile. */
  reconcile(): void {
    this.#isStale = true;
    if (!this.#isReconciling) void this.#reconcile();
  }

  /** The app is gone: nobody of it is online any more. Who is still leaving is written as they go. */
  async close(): Promise<void> {
    this.#endHearing();
    for (const { links } of this.audience.users()) for (const link of links) this.presence.leave(link);
    await this.presence.close();
  }

  /** Ends all connections of the user, those that are just arriving as well. */
  shutOut(userId: string, reason: ShutOut): void {
    for (const link of [...(this.audience.find(userId)?.links ?? [])])
      this.#dismiss(link, reason === "sessionNotFound" ? "sessionClosed" : reason);
  }

  stop(): void {
    this.#endHearing();
    this.presence.stop();
  }

  #endHearing(): void {
    this.#isStopped = true;
    this.order.stop();
    this.memberships.stop();
    this.watch.stop();
    this.#changes.stop();
    this.#chatroomNews.stop();
    this.#unhearLeases();
    this.#interest.leave();
  }

  async #reconcile(): Promise<void> {
    this.#isReconciling = true;
    while (this.#isStale && !this.#isStopped) {
      this.#isStale = false;
      this.core.directRules.forgetAll();
      this.core.groupRules.clear();
      try {
        await recheckAudience(this);
        await this.everybody.recheck();
        await this.order.reconcile();
        this.#changes.heardWish();
        this.watch.recheck();
        for (const dialect of this.#parts.dialects) dialect.missed?.(this);
      } catch (error) {
        if (this.#isStopped) return;
        this.#parts.onError(error);
        await new Promise((resolve) => setTimeout(resolve, retryAfter));
        this.#isStale = true;
      }
    }
    // At once: what is wished from now on begins another one.
    this.#isReconciling = false;
  }

  async #load(userId: string): Promise<UserFacts> {
    // What is read before all nodes send what is the user's could be old already.
    await this.#interest.addUser(userId);
    const [facts] = await Promise.all([this.arrivals.facts(userId), this.everybody.follow()]);
    await this.order.follow(facts.conversationIds);
    return facts;
  }

  #handle(event: CoreEvent): void {
    const { core, audience, memberships, order } = this;
    switch (event.kind) {
      case "messageSent":
        if (event.conversation.kind === "chatroom") core.chatrooms.rate.heard(event.conversation.id);
        this.everybody.hear(event.conversation);
        order.accept(event);
        break;
      case "messageChanged":
        this.everybody.hear(event.conversation);
        order.accept(event);
        break;
      case "signalSent":
        this.everybody.hear(event.conversation);
        this.#deliver(event);
        break;
      case "readMarkMoved":
        if (event.conversation.admission === "everyone") this.#deliverToOwn(event);
        else this.#deliver(event);
        break;
      case "membersAdded":
        memberships.add(event);
        this.#deliver(event);
        break;
      case "membersRemoved":
        memberships.remove(event);
        this.#deliver(event);
        break;
      case "chatroomEntered":
        memberships.enter(event);
        break;
      case "chatroomLeft":
        deliverTo(core, memberships.exit(event), this.#parts.outbox, event);
        break;
      case "chatroomMembersChanged":
      case "chatroomKeysChanged":
        this.#chatroomNews.add(event);
        break;
      case "conversationDeleted":
        core.conversations.forget(event.conversation);
        this.#chatroomNews.drop(event.conversation.id);
        this.#deliver(event);
        memberships.removeConversation(event.conversation.id);
        break;
      case "groupRulesChanged":
        core.groupRules.forget(event.groupIds);
        break;
      case "conversationChanged":
        // The user's own devices are told by their dialects, which look how it is now.
        break;
      case "noticeGiven":
        deliverTo(core, this.#noticed(event), this.#parts.outbox, event);
        break;
      case "userChanged":
        audience.setUserData(event.userId, event.userData);
        break;
      case "sessionClosed":
        closeSession(audience, event.userId, event.tokenHash);
        break;
      case "userShutOut":
        this.shutOut(event.userId, event.reason);
        break;
      case "directRulesChanged":
        core.directRules.forget(event.userIds);
        break;
      case "deviceConnected":
        this.#endOlder(event);
        break;
      case "presenceChanged":
        this.watch.hear(event.userIds);
        break;
      case "presenceWanted":
        this.#changes.heardWish();
        break;
      default:
        this.#deliver(event);
    }
    for (const dialect of this.#parts.dialects) dialect.hear?.(this, event);
  }

  #deliver(event: ConversationEvent): void {
    deliver(this.core, this.audience, this.#parts.outbox, this.#parts.stats, event);
  }

  /** To the user's own devices: how far one has read what is everybody's is of no use to the others. */
  #deliverToOwn(event: ConversationEvent & { userId: string }): void {
    const user = this.audience.find(event.userId);
    if (user) deliverTo(this.core, [user], this.#parts.outbox, event);
  }

  /** Those who are told, each once. */
  #noticed({ conversation, isForAll, toUserIds }: NoticeGiven): Set<OnlineUser<Connection>> {
    const listeners = isForAll && conversation ? this.audience.listeners(conversation.id) : [];
    const named = toUserIds.map((userId) => this.audience.find(userId)).filter((user) => user !== undefined);
    return new Set([...listeners, ...named]);
  }

  *#openLinks(): Iterable<Connection> {
    for (const { links } of this.audience.users()) {
      for (const link of links) if (link.state === "open") yield link;
    }
  }

  /** A newer connection elsewhere took the device; the store has decided which is the newer one. */
  #endOlder(event: { userId: string; leaseId: number; connectionId: number }): void {
    if (event.leaseId !== this.lease.id) return;
    const links = this.audience.find(event.userId)?.links ?? [];
    const older = links.find(({ id }) => id === event.connectionId);
    if (older) this.#replace(older);
  }

  #replace(link: Connection): void {
    this.#dismiss(link, "replaced");
  }

  #dismiss(link: Connection, reason: CloseReason): void {
    this.audience.leave(link.user, link);
    // Its socket may take a while to close.
    this.presence.leave(link);
    link.close(reason);
  }
}

/** Milliseconds. */
const retryAfter = 500;

function tellPresence(link: Connection, states: readonly PresenceState[]): void {
  if (link.state !== "open") return;
  for (const frame of link.dialect.encodePresence?.(link.core, states) ?? []) link.send(frame);
}

function closeSession(audience: Audience<Connection>, userId: string, tokenHash: string): void {
  for (const link of [...(audience.find(userId)?.links ?? [])]) {
    if (link.tokenHash === tokenHash) link.close("sessionClosed");
  }
}
