import type { ConversationState } from "@parlance/protocol";

/**
 * Which messages the app was told of as they arrived. The list doesn't say it: the state that has a message may come
 * before the message itself, as it does with the first one of a conversation.
 */
export class ToldMessages {
  #through = new Map<string, number>();

  /** What an earlier run knew is not told again. */
  load(states: ReadonlyMap<string, ConversationState>): void {
    for (const [key, { head }] of states) this.#through.set(key, head.seq);
  }

  /** True once for each message of a conversation, and never for an older one. */
  isNew(key: string, seq: number): boolean {
    if (seq <= (this.#through.get(key) ?? 0)) return false;
    this.#through.set(key, seq);
    return true;
  }
}
