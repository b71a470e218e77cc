import type { AppStore, Conversation, ConversationKind } from "../../ports/store.ts";

const mostAtOnce = 1000;

/**
 * Conversations by their key on the wire, the least recently used forgotten above `capacity`. Only what exists is
 * kept. It may be a moment late about a deletion; the store, which is asked on every append, is not.
 */
export class ConversationCache {
  readonly #store: AppStore;
  readonly #capacity: number;
  readonly #found = new Map<string, Conversation>();
  /** The lists of kinds asked for so far: a handful. */
  readonly #kindLists = new Set<string>();
  /** Rises with every deletion, so that a look-up under way during one isn't kept. */
  #deletions = 0;

  constructor(store: AppStore, capacity: number) {
    this.#store = store;
    this.#capacity = capacity;
  }

  /** What is known without asking the store: the hot path of a send. */
  peek(key: string, kinds: readonly ConversationKind[]): Conversation | undefined {
    const name = `${kinds}/${key}`;
    const conversation = this.#found.get(name);
    if (conversation && this.#found.size >= this.#capacity) {
      this.#found.delete(name);
      this.#found.set(name, conversation);
    }
    return conversation;
  }

  /** The first that exists, in the order of `kinds`; null if none does. */
  async find(key: string, kinds: readonly ConversationKind[]): Promise<Conversation | null> {
    const known = this.peek(key, kinds);
    if (known) return known;
    const deletions = this.#deletions;
    const conversation = await this.#store.findConversation(key, [...kinds]);
    if (conversation && deletions === this.#deletions) this.#keep(kinds, conversation);
    return conversation;
  }

  /** Looks up many at once that will be asked for next. Above the capacity the first of them are forgotten again. */
  async prefetch(keys: readonly string[], kinds: readonly [ConversationKind]): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => !this.peek(key, kinds));
    for (let from = 0; from < unknown.length; from += mostAtOnce) {
      const deletions = this.#deletions;
      const found = await this.#store.findConversations(kinds[0], unknown.slice(from, from + mostAtOnce));
      if (deletions === this.#deletions) for (const conversation of found) this.#keep(kinds, conversation);
    }
  }

  forget(conversation: Conversation): void {
    this.#deletions++;
    for (const kinds of this.#kindLists) this.#found.delete(`${kinds}/${conversation.key}`);
  }

  #keep(kinds: readonly ConversationKind[], conversation: Conversation): void {
    this.#kindLists.add(`${kinds}`);
    this.#found.set(`${kinds}/${conversation.key}`, conversation);
    if (this.#found.size <= this.#capacity) return;
    const oldest = this.#found.keys().next();
    if (!oldest.done) this.#found.delete(oldest.value);
  }
}
