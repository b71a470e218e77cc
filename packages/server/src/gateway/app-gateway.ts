import type { Core } from "../core/core.ts";
import { eventSubject } from "../core/create-core.ts";
import type { CoreEvent } from "../core/events.ts";
import { LogOrder } from "../core/messages/log-order.ts";
import { Audience, type UserFacts } from "../core/presence/audience.ts";
import type { Bus } from "../ports/bus.ts";
import type { Connection } from "./connection.ts";
import { deliver, type FanOutStats } from "./fan-out.ts";
import type { Outbox } from "./outbox.ts";
import { deliverToOwner } from "./own-devices.ts";
import { recheckAudience } from "./recheck.ts";

export interface AppGatewayParts {
  bus: Bus;
  outbox: Outbox;
  stats: FanOutStats;
  onError(error: unknown): void;
}

/** One app's listeners on this node, and what reaches them. */
export class AppGateway {
  readonly core: Core;
  readonly audience: Audience<Connection>;
  readonly order: LogOrder;
  /** Resolves when everything that is published from now on is heard. */
  readonly ready: Promise<void>;
  readonly #parts: AppGatewayParts;
  readonly #unsubscribe: (() => void)[];
  #reconciling: Promise<void> | null = null;
  #isStale = false;
  #isStopped = false;

  constructor(core: Core, parts: AppGatewayParts) {
    const { bus, outbox, stats, onError } = parts;
    this.core = core;
    this.#parts = parts;
    this.order = new LogOrder({
      store: core.store,
      deliver: (event) => deliver(core, this.audience, outbox, stats, event),
      onGone: (conversationId) => this.audience.removeConversation(conversationId),
      onError,
    });
    this.audience = new Audience<Connection>((userId) => this.#load(userId));
    const subject = eventSubject(core.app.id);
    this.#unsubscribe = [
      bus.subscribe(subject, (event) => this.#handle(event as CoreEvent)),
      bus.onGap((lost) => {
        if (lost === null || lost === subject) this.reconcile();
      }),
    ];
    this.ready = bus.ready();
  }

  /** Takes note of a membership that the store knows and no event has told of yet. */
  async learnMembership(userId: string, conversationId: number): Promise<void> {
    await this.order.follow([conversationId]);
    this.audience.setMember(userId, conversationId, true);
  }

  /** Asks the store what was missed; once at a time, and once more if it is asked for meanwhile. */
  reconcile(): void {
    this.#isStale = true;
    this.#reconciling ??= this.#reconcile().finally(() => {
      this.#reconciling = null;
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.order.stop();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  async #reconcile(): Promise<void> {
    while (this.#isStale && !this.#isStopped) {
      this.#isStale = false;
      try {
        await recheckAudience(this);
        await this.order.reconcile();
      } catch (error) {
        if (this.#isStopped) return;
        this.#parts.onError(error);
        await new Promise((resolve) => setTimeout(resolve, retryAfter));
        this.#isStale = true;
      }
    }
  }

  async #load(userId: string): Promise<UserFacts> {
    const { store } = this.core;
    const [conversationIds, users] = await Promise.all([
      store.listMemberships(userId),
      store.findUsers([userId]),
    ]);
    await this.order.follow(conversationIds);
    return { conversationIds, userData: users[0]?.customData ?? null };
  }

  #handle(event: CoreEvent): void {
    const { core, audience, order } = this;
    switch (event.kind) {
      case "messageSent":
        order.accept(event);
        break;
      case "membersAdded":
        this.#addMembers(event.conversation.id, event);
        break;
      case "membersRemoved":
        for (const userId of event.userIds) audience.setMember(userId, event.conversation.id, false);
        break;
      case "conversationDeleted":
        core.conversations.forget(event.conversation);
        audience.removeConversation(event.conversation.id);
        break;
      case "conversationChanged":
        deliverToOwner(core, audience, this.#parts.outbox, event);
        break;
      case "userChanged":
        audience.setUserData(event.userId, event.userData);
        break;
      case "sessionClosed":
        closeSession(audience, event.userId, event.tokenHash);
        break;
      case "deviceConnected":
        this.#replaceDevice(event);
        break;
      default:
        deliver(core, audience, this.#parts.outbox, this.#parts.stats, event);
    }
  }

  #addMembers(conversationId: number, event: { userIds: string[]; seq: number; sentAt: number }): void {
    if (!event.userIds.some((userId) => this.audience.find(userId))) return;
    this.order.followFrom(conversationId, event.seq, event.sentAt);
    for (const userId of event.userIds) this.audience.setMember(userId, conversationId, true);
  }

  /**
   * The newest connection of a device wins. Clocks of nodes differ, so who hears of another connection leaves; only
   * when both came within moments do the clocks decide, and the winner says so again for the other to leave.
   */
  #replaceDevice(event: { userId: string; deviceId: string; openedAt: number }): void {
    const user = this.audience.find(event.userId);
    for (const link of [...(user?.links ?? [])]) {
      if (link.state !== "open" || link.deviceId !== event.deviceId || link.openedAt === event.openedAt)
        continue;
      const { openedAt } = link;
      if (openedAt > event.openedAt && Date.now() - openedAt < atTheSameTime) {
        this.core.publish({ ...event, kind: "deviceConnected", openedAt });
      } else {
        this.audience.leave(link.user, link);
        link.close("replaced");
      }
    }
  }
}

/** Milliseconds. */
const atTheSameTime = 2000;
const retryAfter = 500;

function closeSession(audience: Audience<Connection>, userId: string, tokenHash: string): void {
  for (const link of [...(audience.find(userId)?.links ?? [])]) {
    if (link.tokenHash === tokenHash) link.close("sessionClosed");
  }
}
