import { type LogOrder, pageSize } from "../core/messages/log-order.ts";
import type { Audience } from "../core/presence/audience.ts";
import type { OnlineUser } from "../core/presence/online-user.ts";
import type { Micros } from "../ports/store.ts";
import type { ConversationEvent } from "./fan-out.ts";

export interface LateMembersOptions<Link> {
  audience: Audience<Link>;
  order: LogOrder;
  deliver(users: ReadonlySet<OnlineUser<Link>>, event: ConversationEvent): void;
  /** The store could not be asked; it is asked again. */
  onError(error: unknown): void;
}

interface Place {
  seq: number;
  sentAt: Micros;
}

/** People who were added at the same place of the same log, and read on from there together. */
interface Group<Link> extends Place {
  users: Set<OnlineUser<Link>>;
  /** Settles when they hear what everybody here hears, or nothing of it any more. */
  done: Promise<void>;
}

const retryAfter = 500;

/**
 * The news that somebody was added may be overtaken by messages that were sent after it. Who hears the conversation
 * here has had these; the new ones are given them from the log, in its order, and become listeners at the very moment
 * when they have had as much as everybody else: between the last look at the log's position and the becoming nothing
 * else happens, so nothing is missed and nothing comes twice.
 */
export class LateMembers<Link> {
  readonly #options: LateMembersOptions<Link>;
  readonly #groups = new Map<number, Set<Group<Link>>>();
  #isStopped = false;

  constructor(options: LateMembersOptions<Link>) {
    this.#options = options;
  }

  has(conversationId: number): boolean {
    return this.#groups.has(conversationId);
  }

  /** Resolves when the user is late no more; null if they are not. */
  catchingUp(userId: string, conversationId: number): Promise<void> | null {
    const user = this.#options.audience.find(userId);
    for (const { users, done } of this.#groups.get(conversationId) ?? [])
      if (user && users.has(user)) return done;
    return null;
  }

  /** From behind this place on. Those who are reading already go on from where they are. */
  add(conversationId: number, userIds: readonly string[], { seq, sentAt }: Place): void {
    const users = new Set<OnlineUser<Link>>();
    for (const userId of userIds) {
      const user = this.#options.audience.find(userId);
      if (!user || user.loading || user.isMemberOf(conversationId)) continue;
      if (!this.catchingUp(userId, conversationId)) users.add(user);
    }
    if (users.size === 0) return;
    const group: Group<Link> = { users, seq, sentAt, done: Promise.resolve() };
    const groups = this.#groups.get(conversationId) ?? new Set();
    this.#groups.set(conversationId, groups.add(group));
    group.done = this.#catchUp(conversationId, group).finally(() => {
      groups.delete(group);
      if (groups.size === 0) this.#groups.delete(conversationId);
    });
  }

  /** The user was removed again. Returns what they had read up to; null if they were not late. */
  drop(userId: string, conversationId: number): Place | null {
    for (const { users, seq, sentAt } of this.#groups.get(conversationId) ?? [])
      for (const user of users) if (user.userId === userId && users.delete(user)) return { seq, sentAt };
    return null;
  }

  /** Only those that this is true of are the user's conversations. */
  dropOthers(userId: string, isKept: (conversationId: number) => boolean): void {
    for (const id of this.#groups.keys()) if (!isKept(id)) this.drop(userId, id);
  }

  dropConversation(conversationId: number): void {
    for (const { users } of this.#groups.get(conversationId) ?? []) users.clear();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #catchUp(conversationId: number, group: Group<Link>): Promise<void> {
    const { audience, order, onError } = this.#options;
    const { users } = group;
    while (!this.#isStopped) {
      // Who went and came back was told of their memberships by the store.
      for (const user of users) if (audience.find(user.userId) !== user) users.delete(user);
      const target = order.placeOf(conversationId)?.seq;
      if (target === undefined || users.size === 0) return;
      if (group.seq >= target) {
        for (const { userId } of users) audience.setMember(userId, conversationId, true);
        users.clear();
        return;
      }
      try {
        await this.#readPage(conversationId, group, target);
      } catch (error) {
        if (this.#isStopped) return;
        onError(error);
        await new Promise((resolve) => setTimeout(resolve, retryAfter));
      }
    }
  }

  async #readPage(conversationId: number, group: Group<Link>, target: number): Promise<void> {
    const { order, deliver } = this.#options;
    const page = await order.listAfter(conversationId, group.sentAt);
    const heard = order.placeOf(conversationId)?.seq ?? 0;
    for (const { seq, sentAt, event } of page) {
      if (seq > heard) break;
      if (seq > group.seq) deliver(group.users, event);
      Object.assign(group, { seq, sentAt });
    }
    // What is not there any more can't be heard.
    if (page.length < pageSize) group.seq = Math.max(group.seq, target);
  }
}
