import type { AppStore } from "../store.ts";
import type { ConversationState, LostConversation, SyncPosition } from "../store-conversations.ts";

const nameOf = ({ kind, key }: Pick<LostConversation, "kind" | "key">): string => `${kind}/${key}`;

/** A user's device: what it believes of the list of conversations, and how far it has synchronised. */
export class SyncDevice {
  readonly userId: string;
  readonly states = new Map<string, ConversationState>();
  position: SyncPosition = { since: null, until: null, afterId: 0 };

  constructor(userId: string) {
    this.userId = userId;
  }

  /** Reads a page; true when it was the last. */
  async read(own: AppStore, limit: number): Promise<boolean> {
    const page = await own.syncConversations(this.userId, this.position, { limit, unreadCap: 1000 });
    for (const lost of page.lost) this.states.delete(nameOf(lost));
    for (const state of page.states) {
      if (state.isRemoved) this.states.delete(nameOf(state.conversation));
      else this.states.set(nameOf(state.conversation), state);
    }
    const { until, nextAfterId } = page;
    this.position =
      nextAfterId === null
        ? { since: Math.max(until, this.position.since ?? 0), until: null, afterId: 0 }
        : { since: this.position.since, until, afterId: nextAfterId };
    return nextAfterId === null;
  }

  /** Ends what it had begun, and synchronises once more from there. */
  async finish(own: AppStore, limit: number): Promise<void> {
    for (let ends = 0; ends < 2; ) if (await this.read(own, limit)) ends++;
  }
}

/** The whole list, by name. */
export const wholeList = async (own: AppStore, userId: string): Promise<Map<string, ConversationState>> => {
  const states = await own.listConversations(userId, {
    before: null,
    tagId: null,
    limit: 5000,
    unreadCap: 1000,
  });
  return new Map(states.map((state) => [nameOf(state.conversation), state]));
};

export const sorted = (states: ReadonlyMap<string, ConversationState>): [string, ConversationState][] =>
  [...states].sort(([one], [other]) => (one < other ? -1 : 1));
