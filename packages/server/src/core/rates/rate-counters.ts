import type { AppStore } from "../../ports/store.ts";
import { ExactRates } from "./exact-rates.ts";
import { QuickRates } from "./quick-rates.ts";

/** One limit that a call counts for. */
export interface RateDemand {
  /** At most 128 characters. Demands of one name and length share a budget. */
  name: string;
  /** How long a window is. */
  seconds: number;
  limit: number;
  /** 0 asks for nothing. More than the limit asks for all of it: such a call passes while nobody else does. */
  cost: number;
}

export interface RateOptions {
  /** Nodes that share the limits, this one included; 1: nobody is asked about the short windows. */
  nodes(): number;
  /** Milliseconds since the epoch. */
  now?(): number;
  /** The store could not be asked. Short windows go on with this node's share of the limit. */
  onError?(error: unknown): void;
}

/** From this length on every use is counted in the store: few and dear, and to be remembered by who starts anew. */
const exactFrom = 3600;

/**
 * How often apps may do things, in windows of seconds or minutes, hours or days. Of the short ones a node takes a few
 * hundredths of the limit at once, so that all nodes together keep to it within a tenth; a node alone counts by itself.
 * The long ones are exact, and refuse with `unavailable` when the store can't be asked.
 */
export class RateCounters {
  readonly #quick: QuickRates;
  readonly #exact: ExactRates;

  constructor(options: RateOptions) {
    const now = options.now ?? Date.now;
    this.#quick = new QuickRates({ ...options, now });
    this.#exact = new ExactRates(now);
  }

  /** Whether all of it may be, and then it is used up; otherwise nothing is. `zone`: how many
   * milliseconds the app's clock is ahead of UTC. */
  async take(
    app: { id: number; store: Pick<AppStore, "takeRates">; zone: number },
    demands: readonly RateDemand[],
  ): Promise<boolean> {
    const asked = demands
      .filter(({ cost }) => cost > 0)
      .map((demand) => ({ ...demand, cost: Math.min(demand.cost, demand.limit) }));
    if (asked.some(({ limit }) => limit <= 0)) return false;
    const taken: (() => void)[] = [];
    const giveBack = () => {
      for (const back of taken) back();
    };
    try {
      for (const demand of asked.filter(({ seconds }) => seconds < exactFrom)) {
        const back = await this.#quick.take(app, demand);
        if (back === null) {
          giveBack();
          return false;
        }
        taken.push(back);
      }
      const exact = asked.filter(({ seconds }) => seconds >= exactFrom);
      if (exact.length === 0 || (await this.#exact.take(app, exact))) return true;
    } catch (error) {
      giveBack();
      throw error;
    }
    giveBack();
    return false;
  }
}
