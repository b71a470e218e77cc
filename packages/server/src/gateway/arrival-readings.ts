import { Gathered } from "../core/gathered.ts";
import type { UserFacts } from "../core/presence/audience.ts";
import type { AppStore } from "../ports/store.ts";
import type { UserState } from "../ports/store-users.ts";

/** What the store is asked about everybody who comes. A crowd comes all at once, after a node was lost. */
export class ArrivalReadings {
  readonly #facts: Gathered<string, UserFacts>;
  readonly #sessions: Gathered<string, boolean>;
  readonly #states: Gathered<string, UserState | undefined>;

  constructor(store: AppStore) {
    this.#facts = new Gathered((userIds) => readFacts(store, userIds));
    this.#sessions = new Gathered(async (tokenHashes) => {
      const open = new Set(await store.findOpenSessions(tokenHashes));
      return (tokenHash) => open.has(tokenHash);
    });
    this.#states = new Gathered(async (userIds) => {
      const states = new Map((await store.findUserStates(userIds)).map((state) => [state.userId, state]));
      return (userId) => states.get(userId);
    });
  }

  facts(userId: string): Promise<UserFacts> {
    return this.#facts.ask(userId);
  }

  /** What the app decided about the user; undefined: nobody knows them. */
  state(userId: string): Promise<UserState | undefined> {
    return this.#states.ask(userId);
  }

  isSessionOpen(tokenHash: string): Promise<boolean> {
    return this.#sessions.ask(tokenHash);
  }
}

async function readFacts(store: AppStore, userIds: string[]): Promise<(userId: string) => UserFacts> {
  const [memberships, users] = await Promise.all([
    store.listMembershipsOf(userIds),
    store.findUsers(userIds),
  ]);
  const byUser = Map.groupBy(memberships, ({ userId }) => userId);
  const data = new Map(users.map(({ id, customData }) => [id, customData]));
  return (userId) => ({
    conversationIds: (byUser.get(userId) ?? []).map(({ conversationId }) => conversationId),
    userData: data.get(userId) ?? null,
  });
}
