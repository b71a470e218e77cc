import { Gathered } from "../core/gathered.ts";
import type { UserFacts } from "../core/presence/audience.ts";
import type { AppStore } from "../ports/store.ts";

/** What the store is asked about everybody who comes. A crowd comes all at once, after a node was lost. */
export class ArrivalReadings {
  readonly #facts: Gathered<string, UserFacts>;
  readonly #sessions: Gathered<string, boolean>;

  constructor(store: AppStore) {
    this.#facts = new Gathered((userIds) => readFacts(store, userIds));
    this.#sessions = new Gathered(async (tokenHashes) => {
      const open = new Set(await store.findOpenSessions(tokenHashes));
      return (tokenHash) => open.has(tokenHash);
    });
  }

  facts(userId: string): Promise<UserFacts> {
    return this.#facts.ask(userId);
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
