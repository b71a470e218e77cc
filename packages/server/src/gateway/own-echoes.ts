/** Messages remembered for each connection. */
const most = 100;

/**
 * What a connection was given of its own messages though it did not hear the conversation. Who is a member again a moment
 * later hears on from where they stopped, and would be given these a second time.
 */
export class OwnEchoes {
  readonly #places = new Set<string>();

  add(conversationId: number, seq: number): void {
    this.#places.add(`${conversationId}/${seq}`);
    if (this.#places.size <= most) return;
    for (const oldest of this.#places) {
      this.#places.delete(oldest);
      break;
    }
  }

  has({ conversationId, seq }: { conversationId: number; seq: number }): boolean {
    return this.#places.has(`${conversationId}/${seq}`);
  }
}
