import type { AppStore, Millis } from "../../ports/store.ts";
import type { GroupMute, GroupRules } from "../../ports/store-groups.ts";

/** As `GroupRules`, for looking somebody up. */
export interface KnownRules {
  isMuted: boolean;
  /** When it ends for whom; null: by itself never. */
  mutes: ReadonlyMap<string, Millis | null>;
  exempt: ReadonlySet<string>;
}

/** Most groups have none, and share this. */
const noRules: KnownRules = { isMuted: false, mutes: new Map(), exempt: new Set() };

/** What a node remembers of one app: a group counts as one, and so does each user named in its rules. */
const mostRemembered = 200_000;

const costOf = ({ mutes, exempt }: KnownRules): number => 1 + mutes.size + exempt.size;

/**
 * Who may not write in which group, for checks of every message without asking the store. What is known is forgotten when
 * any node says that it changed (`groupRulesChanged`), and all of it when such an event may have been lost; the least
 * recently loaded goes first when there is too much.
 */
export class GroupRulesCache {
  readonly #store: Pick<AppStore, "readGroupRules" | "listGroupMutes">;
  readonly #most: number;
  readonly #known = new Map<string | null, KnownRules>();
  readonly #loading = new Map<string | null, Promise<KnownRules>>();
  #cost = 0;

  constructor(store: Pick<AppStore, "readGroupRules" | "listGroupMutes">, most = mostRemembered) {
    this.#store = store;
    this.#most = most;
  }

  /** Null: what holds in every group. Undefined means ask `load`. */
  peek(groupId: string | null): KnownRules | undefined {
    return this.#known.get(groupId);
  }

  async load(groupId: string | null): Promise<KnownRules> {
    const known = this.#known.get(groupId) ?? this.#loading.get(groupId);
    if (known) return known;
    const loading = this.#read(groupId);
    this.#loading.set(groupId, loading);
    try {
      const rules = await loading;
      // Forgotten meanwhile: what was read may be from before that.
      if (this.#loading.get(groupId) === loading) this.#keep(groupId, rules);
      return rules;
    } finally {
      if (this.#loading.get(groupId) === loading) this.#loading.delete(groupId);
    }
  }

  forget(groupIds: readonly (string | null)[]): void {
    for (const groupId of groupIds) {
      this.#loading.delete(groupId);
      this.#drop(groupId);
    }
  }

  clear(): void {
    this.#loading.clear();
    this.#known.clear();
    this.#cost = 0;
  }

  async #read(groupId: string | null): Promise<KnownRules> {
    const now = Date.now();
    if (groupId === null)
      return toKnown({ isMuted: false, mutes: await this.#store.listGroupMutes(null, now), exempt: [] });
    return toKnown(await this.#store.readGroupRules(groupId, now));
  }

  #keep(groupId: string | null, rules: KnownRules): void {
    this.#drop(groupId);
    this.#known.set(groupId, rules);
    this.#cost += costOf(rules);
    for (const oldest of this.#known.keys()) {
      if (this.#cost <= this.#most || oldest === groupId) break;
      this.#drop(oldest);
    }
  }

  #drop(groupId: string | null): void {
    const rules = this.#known.get(groupId);
    if (rules === undefined) return;
    this.#known.delete(groupId);
    this.#cost -= costOf(rules);
  }
}

const toKnown = ({ isMuted, mutes, exempt }: GroupRules): KnownRules => {
  if (!isMuted && mutes.length === 0 && exempt.length === 0) return noRules;
  const ends = mutes.map(({ userId, until }: GroupMute) => [userId, until] as const);
  return { isMuted, mutes: new Map(ends), exempt: new Set(exempt) };
};
