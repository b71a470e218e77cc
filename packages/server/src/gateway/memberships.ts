import type { ChatroomEntered, ChatroomLeft, MembersAdded, MembersRemoved } from "../core/events.ts";
import type { LogOrder } from "../core/messages/log-order.ts";
import type { Audience } from "../core/presence/audience.ts";
import type { OnlineUser } from "../core/presence/online-user.ts";
import type { AppStore, Micros } from "../ports/store.ts";
import { LateMembers, type LateMembersOptions } from "./late-members.ts";

export interface MembershipsOptions<Link> extends LateMembersOptions<Link> {
  store: Pick<AppStore, "findMembers" | "findTimeBehind">;
}

interface Place {
  seq: number;
  sentAt: Micros;
}

/** Where somebody stopped hearing a conversation; null: they did not hear it. */
type LeftAt = Place | null;

/** Milliseconds in which changes gather that the store is asked about together. */
const gatherFor = 20;
const retryAfter = 500;
/** Milliseconds that the event of a membership may be behind its being stored, unless it is lost. */
const newsPatience = 1000;
const usersAtOnce = 500;

/**
 * Who of those online here is a member of what, as events tell and the store confirms. Events of two nodes about the
 * same person may come in either order, and late: each is believed at once, and then the store is asked what is so. That
 * reading begins after the event came, so after what it tells of was stored: whichever event is the last, what is
 * read because of it is the newest.
 */
export class Memberships<Link> {
  readonly #store: Pick<AppStore, "findMembers" | "findTimeBehind">;
  readonly #audience: Audience<Link>;
  readonly #order: LogOrder;
  readonly #late: LateMembers<Link>;
  readonly #onError: (error: unknown) => void;
  /** By conversation and user: what is to be confirmed, and what is being confirmed. */
  #unconfirmed = new Map<number, Map<string, LeftAt>>();
  #confirming = new Map<number, Map<string, LeftAt>>();
  /** By conversation and user: who waits to hear of a membership. */
  readonly #awaited = new Map<string, Set<() => void>>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isStopped = false;

  constructor(options: MembershipsOptions<Link>) {
    this.#store = options.store;
    this.#audience = options.audience;
    this.#order = options.order;
    this.#onError = options.onError;
    this.#late = new LateMembers(options);
  }

  /** Whether somebody here hears the conversation, or is about to. */
  isHeard(conversationId: number): boolean {
    return this.#audience.listeners(conversationId).size > 0 || this.#late.has(conversationId);
  }

  add({ conversation, userIds, seq, sentAt }: MembersAdded): void {
    const here = userIds.filter((userId) => this.#audience.find(userId));
    if (here.length === 0) return;
    // Who had heard more, because the log was read, when the news came that they were removed goes on from there.
    const further = new Map<string, Place>();
    for (const userId of here) {
      const leftAt = this.#doubtOf(conversation.id, userId);
      if (leftAt && leftAt.seq > seq) further.set(userId, leftAt);
    }
    for (const [userId, leftAt] of further) this.#join(conversation.id, [userId], leftAt);
    const others = here.filter((userId) => !further.has(userId));
    if (others.length > 0) this.#join(conversation.id, others, { seq, sentAt });
    for (const userId of here) {
      this.#doubt(conversation.id, userId, null);
      for (const settle of this.#awaited.get(`${conversation.id} ${userId}`) ?? []) settle();
    }
  }

  remove({ conversation, userIds }: MembersRemoved): void {
    for (const userId of userIds) {
      const user = this.#audience.find(userId);
      if (!user) continue;
      this.#doubt(conversation.id, userId, this.#leave(conversation.id, user));
    }
  }

  /** They were given what was said in the chatroom before. */
  enter({ conversation, userIds, seq, sentAt }: ChatroomEntered): void {
    const here = userIds.filter((userId) => this.#audience.find(userId));
    if (here.length > 0) this.#join(conversation.id, here, { seq, sentAt });
  }

  /** Returns those who heard the chatroom until now, or were about to. */
  exit({ conversation: { id }, userIds }: ChatroomLeft): OnlineUser<Link>[] {
    const users = userIds.flatMap((userId) => this.#audience.find(userId) ?? []);
    const heard = users.filter((user) => user.isMemberOf(id) || this.#late.catchingUp(user.userId, id));
    for (const user of users) this.#leave(id, user);
    return heard;
  }

  /**
   * Resolves when somebody of whom the store knows that they are a member hears the conversation. The event that tells
   * where they were added is on its way; if it is lost the store tells.
   */
  async learn(userId: string, conversationId: number): Promise<void> {
    if (this.#late.catchingUp(userId, conversationId) === null) await this.#news(userId, conversationId);
    await this.#late.catchingUp(userId, conversationId);
    if (this.#audience.find(userId)?.isMemberOf(conversationId)) return;
    const leftAt = this.#doubtOf(conversationId, userId) ?? null;
    // The doubt is settled here and now.
    this.#unconfirmed.get(conversationId)?.delete(userId);
    try {
      await this.#confirm(conversationId, new Map([[userId, leftAt]]));
    } catch (error) {
      this.#doubt(conversationId, userId, leftAt);
      throw error;
    }
    await this.#late.catchingUp(userId, conversationId);
  }

  /**
   * Makes these the user's memberships, as a reading of the store has them. Those that no event told of are asked about,
   * for where they began; so is what was in doubt already.
   */
  replace(userId: string, conversationIds: readonly number[]): void {
    const user = this.#audience.find(userId);
    if (!user || user.loading) return;
    const isInDoubt = (id: number) => this.#doubtOf(id, userId) !== undefined;
    const read = new Set(conversationIds);
    this.#late.dropOthers(userId, (id) => read.has(id) || isInDoubt(id));
    const heard = [...user.conversationIds].filter((id) => read.has(id) || isInDoubt(id));
    this.#audience.replaceMemberships(userId, heard);
    for (const id of read)
      if (!user.isMemberOf(id) && !this.#late.catchingUp(userId, id)) this.#doubt(id, userId, null);
  }

  removeConversation(conversationId: number): void {
    this.#late.dropConversation(conversationId);
    this.#audience.removeConversation(conversationId);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#late.stop();
  }

  /** Resolves when an event tells that the user was added, or has had the time to. */
  #news(userId: string, conversationId: number): Promise<void> {
    const key = `${conversationId} ${userId}`;
    return new Promise((resolve) => {
      const waiting = this.#awaited.get(key) ?? new Set();
      const settle = () => {
        clearTimeout(timer);
        waiting.delete(settle);
        if (waiting.size === 0) this.#awaited.delete(key);
        resolve();
      };
      const timer = setTimeout(settle, newsPatience);
      this.#awaited.set(key, waiting.add(settle));
    });
  }

  /** Lets them hear from there on; null: from now on. */
  async #follow(userId: string, conversationId: number, from: Place | null): Promise<void> {
    if (from) return this.#join(conversationId, [userId], from);
    await this.#order.follow([conversationId]);
    this.#audience.setMember(userId, conversationId, true);
    // They may have been removed meanwhile.
    this.#doubt(conversationId, userId, null);
  }

  #join(conversationId: number, userIds: readonly string[], from: Place): void {
    const isHeard = this.isHeard(conversationId);
    const canFollow = this.#order.followFrom(conversationId, from.seq, from.sentAt, isHeard);
    for (const userId of userIds) {
      // Who is late already goes on from where they are.
      if (this.#late.catchingUp(userId, conversationId)) continue;
      // Who is still being read about hears nothing yet, and reads history once they do.
      if (canFollow || this.#audience.find(userId)?.loading)
        this.#audience.setMember(userId, conversationId, true);
    }
    if (!canFollow) this.#late.add(conversationId, userIds, from);
  }

  /** Returns what they heard up to; null if they heard nothing. */
  #leave(conversationId: number, user: OnlineUser<Link>): Place | null {
    const place = user.isMemberOf(conversationId) ? this.#order.placeOf(conversationId) : null;
    const latePlace = this.#late.drop(user.userId, conversationId);
    this.#audience.setMember(user.userId, conversationId, false);
    return latePlace ?? place;
  }

  #doubt(conversationId: number, userId: string, leftAt: LeftAt): void {
    const users = this.#unconfirmed.get(conversationId) ?? new Map<string, LeftAt>();
    this.#unconfirmed.set(conversationId, users.set(userId, later(leftAt, users.get(userId) ?? null)));
    this.#timer ??= setTimeout(() => this.#confirmAll(), gatherFor);
  }

  /** Undefined: there is none. */
  #doubtOf(conversationId: number, userId: string): LeftAt | undefined {
    const waiting = this.#unconfirmed.get(conversationId)?.get(userId);
    const asked = this.#confirming.get(conversationId)?.get(userId);
    return waiting === undefined ? asked : later(waiting, asked ?? null);
  }

  async #confirmAll(): Promise<void> {
    const all = this.#unconfirmed;
    this.#unconfirmed = new Map();
    this.#confirming = all;
    let pause = gatherFor;
    for (const [conversationId, users] of all) {
      try {
        await this.#confirm(conversationId, users);
      } catch (error) {
        if (this.#isStopped) return;
        this.#onError(error);
        pause = retryAfter;
        for (const [userId, leftAt] of users) this.#doubt(conversationId, userId, leftAt);
      }
      all.delete(conversationId);
    }
    if (this.#isStopped) return;
    this.#timer = this.#unconfirmed.size > 0 ? setTimeout(() => this.#confirmAll(), pause) : null;
  }

  async #confirm(conversationId: number, users: Map<string, LeftAt>): Promise<void> {
    const ids = [...users.keys()];
    for (let from = 0; from < ids.length; from += usersAtOnce) {
      const asked = ids.slice(from, from + usersAtOnce);
      await Promise.allSettled(asked.map((userId) => this.#audience.find(userId)?.ready));
      const { result, changed } = await this.#audience.whileWatching(() =>
        this.#store.findMembers(conversationId, asked),
      );
      const joinedSeqs = new Map(result.map(({ userId, joinedSeq }) => [userId, joinedSeq]));
      for (const userId of asked) {
        const leftAt = users.get(userId) ?? null;
        // Who changes while the store is asked is asked about again: what was read may be the older of the two.
        if (changed.has(userId)) this.#doubt(conversationId, userId, leftAt);
        else await this.#settle(conversationId, userId, joinedSeqs.get(userId), leftAt);
      }
    }
  }

  /** `joinedSeq` is undefined for those who are no members. */
  async #settle(
    conversationId: number,
    userId: string,
    joinedSeq: number | null | undefined,
    leftAt: LeftAt,
  ): Promise<void> {
    if (this.#isOvertaken(conversationId, userId, leftAt)) return;
    const user = this.#audience.find(userId);
    if (!user || user.loading) return;
    const isMemberHere =
      user.isMemberOf(conversationId) || this.#late.catchingUp(userId, conversationId) !== null;
    if ((joinedSeq !== undefined) === isMemberHere) return;
    if (joinedSeq === undefined) this.#leave(conversationId, user);
    else {
      const from = await this.#beginningOf(conversationId, joinedSeq, leftAt);
      if (this.#isOvertaken(conversationId, userId, leftAt)) return;
      await this.#follow(userId, conversationId, from);
    }
  }

  /** Something was heard of them since the store was asked: it is asked again, and what they had heard stays known. */
  #isOvertaken(conversationId: number, userId: string, leftAt: LeftAt): boolean {
    if (!this.#unconfirmed.get(conversationId)?.has(userId)) return false;
    this.#doubt(conversationId, userId, leftAt);
    return true;
  }

  /** Where somebody goes on who is a member and hears nothing; null: where that is can't be known any more. */
  async #beginningOf(
    conversationId: number,
    joinedSeq: number | null,
    leftAt: LeftAt,
  ): Promise<Place | null> {
    if (leftAt && leftAt.seq >= (joinedSeq ?? 0)) return leftAt;
    if (joinedSeq === null) return null;
    const sentAt = await this.#store.findTimeBehind(conversationId, joinedSeq);
    return sentAt === null ? null : { seq: joinedSeq, sentAt };
  }
}

const later = (one: LeftAt, other: LeftAt): LeftAt =>
  one && other && one.seq < other.seq ? other : (one ?? other);
