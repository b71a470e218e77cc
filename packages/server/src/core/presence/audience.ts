import { OnlineUser } from "./online-user.ts";

export interface UserFacts {
  conversationIds: number[];
  userData: string | null;
}

export interface AudienceOptions {
  /** Called once for each user who comes online; reads what is known of them. */
  load(userId: string): Promise<UserFacts>;
  /** The user's last link is gone, or loading failed: once for each `load`. */
  onOffline?(userId: string): void;
  /** Listeners that make a conversation a crowd, which `crowds` finds without looking through all. Default 2. */
  crowd?: number;
}

/**
 * Who of one app is online on this node, and who of them hears which conversation. Memory grows with the people
 * online here and their memberships, never with the size of a conversation.
 */
export class Audience<Link> {
  readonly #users = new Map<string, OnlineUser<Link>>();
  readonly #listeners = new Map<number, Set<OnlineUser<Link>>>();
  readonly #loading = new Set<OnlineUser<Link>>();
  readonly #watches = new Set<Set<string>>();
  readonly #options: AudienceOptions;
  /** Conversations with at least `crowd` listeners here. */
  readonly #crowds = new Set<number>();
  /** Conversations that are everybody's. */
  readonly everybodys: ReadonlySet<number> = new Set<number>();
  /** Those of the users whose memberships are known: the listeners of what is everybody's. */
  readonly #everybody = new Set<OnlineUser<Link>>();

  constructor(options: AudienceOptions) {
    this.#options = options;
  }

  get #crowd(): number {
    return this.#options.crowd ?? 2;
  }

  get onlineUsers(): number {
    return this.#users.size;
  }

  find(userId: string): OnlineUser<Link> | undefined {
    return this.#users.get(userId);
  }

  users(): Iterable<OnlineUser<Link>> {
    return this.#users.values();
  }

  listeners(conversationId: number): ReadonlySet<OnlineUser<Link>> {
    if (this.everybodys.has(conversationId)) return this.#everybody;
    return this.#listeners.get(conversationId) ?? nobody;
  }

  /** Everybody who is here or comes hears it, whatever their memberships. */
  hearEverybodys(conversationId: number): void {
    (this.everybodys as Set<number>).add(conversationId);
  }

  /** Conversations that at least so many here hear, and how many do; nothing below `crowd`. */
  *crowds(least: number): Iterable<[conversationId: number, listeners: number]> {
    for (const conversationId of this.#crowds) {
      const { size } = this.listeners(conversationId);
      if (size >= least) yield [conversationId, size];
    }
  }

  /** Adds a link; wait for `user.ready` before using the user. */
  join(userId: string, link: Link): OnlineUser<Link> {
    let user = this.#users.get(userId);
    if (!user) {
      user = new OnlineUser<Link>(userId);
      this.#users.set(userId, user);
      user.ready = this.#fill(user);
    }
    user.links.push(link);
    return user;
  }

  /** Removes a link; the last one takes the user offline. Doing it twice is harmless. */
  leave(user: OnlineUser<Link>, link: Link): void {
    const index = user.links.indexOf(link);
    if (index < 0) return;
    user.links.splice(index, 1);
    if (user.links.length > 0 || this.#users.get(user.userId) !== user) return;
    this.#users.delete(user.userId);
    this.#everybody.delete(user);
    this.#options.onOffline?.(user.userId);
    for (const conversationId of user.conversationIds) this.#unlisten(user, conversationId);
  }

  setMember(userId: string, conversationId: number, isMember: boolean): void {
    const user = this.#users.get(userId);
    if (!user) return;
    this.#noteChange(userId);
    // What is being read may be older or newer than this change: it is applied again afterwards.
    if (user.loading) user.loading.changes.push({ conversationId, isMember });
    else this.#apply(user, conversationId, isMember);
  }

  setUserData(userId: string, userData: string | null): void {
    const user = this.#users.get(userId);
    if (!user) return;
    this.#noteChange(userId);
    user.userData = userData;
    if (user.loading) user.loading.hasNewData = true;
  }

  removeConversation(conversationId: number): void {
    for (const user of this.#loading) user.loading?.changes.push({ conversationId, isMember: false });
    for (const user of this.#listeners.get(conversationId) ?? nobody) {
      this.#noteChange(user.userId);
      user.setMember(conversationId, false);
    }
    this.#listeners.delete(conversationId);
    this.#crowds.delete(conversationId);
    (this.everybodys as Set<number>).delete(conversationId);
  }

  /** Makes these the user's memberships, as a reading of the store has them. */
  replaceMemberships(userId: string, conversationIds: readonly number[]): void {
    const user = this.#users.get(userId);
    if (!user || user.loading) return;
    const kept = new Set(conversationIds);
    for (const id of [...user.conversationIds]) if (!kept.has(id)) this.#apply(user, id, false);
    for (const id of kept) this.#apply(user, id, true);
  }

  /** Does the work, and tells besides its result which users have changed meanwhile. */
  async whileWatching<Result>(
    work: () => Promise<Result>,
  ): Promise<{ result: Result; changed: Set<string> }> {
    const changed = new Set<string>();
    this.#watches.add(changed);
    try {
      return { result: await work(), changed };
    } finally {
      this.#watches.delete(changed);
    }
  }

  #noteChange(userId: string): void {
    for (const changed of this.#watches) changed.add(userId);
  }

  async #fill(user: OnlineUser<Link>): Promise<void> {
    this.#loading.add(user);
    try {
      const facts = await this.#options.load(user.userId);
      const { changes = [], hasNewData = false } = user.loading ?? {};
      user.loading = null;
      user.ready = null;
      if (!hasNewData) user.userData = facts.userData;
      if (this.#users.get(user.userId) !== user) return;
      this.#everybody.add(user);
      for (const conversationId of facts.conversationIds) this.#apply(user, conversationId, true);
      for (const { conversationId, isMember } of changes) this.#apply(user, conversationId, isMember);
    } catch (error) {
      // The next connection starts afresh; those that wait for this one are refused.
      if (this.#users.get(user.userId) === user) {
        this.#users.delete(user.userId);
        this.#options.onOffline?.(user.userId);
      }
      throw error;
    } finally {
      this.#loading.delete(user);
    }
  }

  #apply(user: OnlineUser<Link>, conversationId: number, isMember: boolean): void {
    if (!user.setMember(conversationId, isMember)) return;
    if (!isMember) {
      this.#unlisten(user, conversationId);
      return;
    }
    const listeners = this.#listeners.get(conversationId);
    if (listeners) {
      listeners.add(user);
      if (listeners.size === this.#crowd) this.#crowds.add(conversationId);
    } else this.#listeners.set(conversationId, new Set([user]));
  }

  #unlisten(user: OnlineUser<Link>, conversationId: number): void {
    const listeners = this.#listeners.get(conversationId);
    if (!listeners?.delete(user)) return;
    if (listeners.size === this.#crowd - 1) this.#crowds.delete(conversationId);
    if (listeners.size === 0) this.#listeners.delete(conversationId);
  }
}

const nobody: ReadonlySet<never> = new Set<never>();
