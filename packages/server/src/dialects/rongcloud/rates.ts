/** How often each app may call each endpoint. */

import type { Core } from "../../core/core.ts";
import { defaultRates, type Rate, type RongcloudRow } from "./endpoint.ts";
import { RongcloudRefusal } from "./refusal.ts";

const milliseconds = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

interface Window {
  number: number;
  used: number;
}

/** Counts on this node alone. Remembers the windows used last; one that is forgotten begins anew. */
export class RateLimits {
  readonly #windows = new Map<string, Window>();
  readonly #factor: number;
  readonly #now: () => number;
  readonly #most = 100_000;

  /** Every limit is multiplied by `factor`. */
  constructor(factor = 1, now: () => number = Date.now) {
    this.#factor = factor;
    this.#now = now;
  }

  /** Throws 1008 when the app may not call now; then nothing was used up. */
  async take(core: Core, row: RongcloudRow, params: unknown): Promise<void> {
    const rates = row.rates ?? defaultRates;
    const open = rates.map((rate) => this.#open(core, row, rate));
    for (const [index, rate] of rates.entries()) {
      const cost = rate.cost?.(params) ?? 1;
      const window = open[index] as Window;
      // What costs more than a whole budget is let through once the budget is untouched, or it never would be.
      if (window.used > 0 && window.used + cost > rate.limit * this.#factor) throw new RongcloudRefusal(1008);
    }
    for (const [index, rate] of rates.entries()) (open[index] as Window).used += rate.cost?.(params) ?? 1;
  }

  #open(core: Core, row: RongcloudRow, rate: Rate): Window {
    const key = `${core.app.id} ${rate.sharedAs ?? row.path} ${rate.per}`;
    const number = Math.floor(this.#now() / milliseconds[rate.per]);
    const known = this.#windows.get(key);
    if (known?.number === number) return known;
    this.#windows.delete(key);
    if (this.#windows.size >= this.#most) {
      const [oldest] = this.#windows.keys();
      if (oldest !== undefined) this.#windows.delete(oldest);
    }
    const window = { number, used: 0 };
    this.#windows.set(key, window);
    return window;
  }
}
