/**
 * Tells whoever listens that messages may be missing: at once, then at most once per window and subject, because a
 * network that loses much would otherwise cost the store one question per loss.
 */
export class Gaps {
  readonly #handlers = new Set<(subject: string | null) => void>();
  readonly #onHandlerError: (error: unknown) => void;
  readonly #told = new Set<string | null>();
  readonly #owed = new Set<string | null>();

  constructor(onHandlerError: (error: unknown) => void) {
    this.#onHandlerError = onHandlerError;
  }

  listen(handler: (subject: string | null) => void): () => void {
    const own = (subject: string | null) => handler(subject);
    this.#handlers.add(own);
    return () => this.#handlers.delete(own);
  }

  /** Null is every subject. */
  tell(subject: string | null): void {
    if (this.#told.has(subject)) {
      this.#owed.add(subject);
      return;
    }
    this.#told.add(subject);
    for (const handler of this.#handlers) {
      try {
        handler(subject);
      } catch (error) {
        this.#onHandlerError(error);
      }
    }
  }

  /** Begins a new window and tells what was held back in the last one. */
  nextWindow(): void {
    this.#told.clear();
    const owed = [...this.#owed];
    this.#owed.clear();
    for (const subject of owed) this.tell(subject);
  }
}
