import type { AppStore } from "../../ports/store.ts";

/** Milliseconds that an answer is gone by before it is asked for again, beside whatever goes on. */
const goodWhenClosed = 1000;
const goodWhenOpen = 60_000;

/**
 * Whether anybody of an app can be notified at all: where nobody can, as in most apps that have no devices yet, messages
 * cost nothing more. Never waits: while nothing is known it says yes, which does no harm.
 */
export class PushGate {
  readonly #store: Pick<AppStore, "hasPushDevices">;
  #isOpen = true;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<AppStore, "hasPushDevices">) {
    this.#store = store;
  }

  get isOpen(): boolean {
    const age = performance.now() - this.#askedAt;
    if (age > (this.#isOpen ? goodWhenOpen : goodWhenClosed)) {
      this.#askedAt = performance.now();
      this.#store.hasPushDevices().then(
        (has) => {
          this.#isOpen = has;
        },
        // It stays as it was, and is asked again.
        () => {},
      );
    }
    return this.#isOpen;
  }

  /** Somebody can be, since now. */
  open(): void {
    this.#isOpen = true;
  }
}
