import type { AppStore } from "../../ports/store.ts";
import type { RateDemand, RateOptions } from "./rate-counters.ts";

/** What this node may give out of a window. */
interface Budget {
  window: number;
  limit: number;
  /** Taken from the store, or, of a node alone, all of it. */
  inHand: number;
  /** The store has no more, or could not be asked. */
  isSpent: boolean;
  /** Given out by this node. */
  used: number;
  /** What callers wait for. */
  wanted: number;
  claiming: Promise<void> | null;
}

interface Owner {
  id: number;
  store: Pick<AppStore, "takeRates">;
}

/** All nodes together may leave so much of a limit unused in their hands. */
const leftOver = 0.1;
const mostBudgets = 100_000;

/** Short windows: pieces of the limit are taken from the store, and given out from memory. */
export class QuickRates {
  readonly #options: RateOptions & { now(): number };
  /** Those that were used last; one that is forgotten takes a new piece. */
  readonly #budgets = new Map<string, Budget>();

  constructor(options: RateOptions & { now(): number }) {
    this.#options = options;
  }

  /** How to give it back; null: it is not to be had. */
  async take(owner: Owner, demand: RateDemand): Promise<(() => void) | null> {
    const { cost } = demand;
    for (;;) {
      const budget = this.#open(owner, demand);
      if (budget.inHand >= cost) {
        budget.inHand -= cost;
        budget.used += cost;
        return () => {
          budget.inHand += cost;
          budget.used -= cost;
        };
      }
      if (budget.isSpent) return null;
      budget.wanted += cost;
      budget.claiming ??= this.#claim(owner, demand, budget).finally(() => {
        budget.claiming = null;
      });
      await budget.claiming;
      budget.wanted -= cost;
    }
  }

  #open({ id }: Owner, { name, seconds, limit }: RateDemand): Budget {
    const key = `${id} ${seconds} ${name}`;
    const window = Math.floor(this.#options.now() / (seconds * 1000));
    const known = this.#budgets.get(key);
    if (known?.window === window && known.limit === limit) return known;
    // A limit that was changed in the midst of a window: what was given out counts.
    const used = known?.window === window ? known.used : 0;
    const isAlone = this.#options.nodes() <= 1;
    const budget: Budget = {
      ...{ window, limit, used, wanted: 0, claiming: null },
      inHand: isAlone ? Math.max(0, limit - used) : 0,
      isSpent: isAlone,
    };
    this.#budgets.delete(key);
    this.#budgets.set(key, budget);
    if (this.#budgets.size > mostBudgets) {
      const oldest = this.#budgets.keys().next();
      if (!oldest.done) this.#budgets.delete(oldest.value);
    }
    return budget;
  }

  async #claim({ store }: Owner, { name, seconds, limit }: RateDemand, budget: Budget): Promise<void> {
    const piece = Math.max(1, Math.floor((limit * leftOver) / this.#options.nodes()));
    // Who comes in the same turn shares the piece.
    await null;
    const count = Math.min(limit, Math.max(piece, budget.wanted - budget.inHand));
    try {
      const claim = { name, seconds, window: budget.window, count, most: limit };
      const [granted = 0] = await store.takeRates([claim], false);
      budget.inHand += granted;
      budget.isSpent = granted < count;
    } catch (error) {
      this.#options.onError?.(error);
      // Better a little too much than nothing: each node goes on with its share.
      const share = Math.ceil(limit / this.#options.nodes());
      budget.inHand = Math.max(budget.inHand, share - budget.used);
      budget.isSpent = true;
    }
  }
}
