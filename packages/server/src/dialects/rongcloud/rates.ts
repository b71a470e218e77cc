/** How often each app may call each endpoint: as documented, or as it was set for the app. */

import { ratesOf } from "../../core/apps/app-rates.ts";
import type { Core } from "../../core/core.ts";
import { RateCounters, type RateDemand, type RateOptions } from "../../core/rates/rate-counters.ts";
import { defaultRates, type Rate, type RongcloudRow } from "./endpoint.ts";
import { RongcloudRefusal } from "./refusal.ts";

const seconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;

const budgetOf = ({ path }: RongcloudRow, rate: Rate): string => rate.sharedAs ?? path;

export class RateLimits {
  readonly #counters: RateCounters;
  readonly #factor: number;
  /** Paths of the rows that share a budget: what is set for one of them is set for all. */
  readonly #paths = new Map<string, string[]>();

  /** Every documented limit is multiplied by `factor`; what is set for an app is not. */
  constructor(rows: readonly RongcloudRow[], factor: number, options: RateOptions) {
    this.#factor = factor;
    this.#counters = new RateCounters(options);
    for (const row of rows)
      for (const rate of row.rates ?? defaultRates) {
        const budget = budgetOf(row, rate);
        this.#paths.set(budget, [...(this.#paths.get(budget) ?? []), row.path]);
      }
  }

  /** Throws 1008 when the app may not call now; then nothing was used up. `unavailable` where that can't be told. */
  async take(core: Core, row: RongcloudRow, params: unknown): Promise<void> {
    const demands = (row.rates ?? defaultRates).map((rate): RateDemand => {
      const name = budgetOf(row, rate);
      const limit = this.#limitOf(core, name, rate);
      return { name, seconds: seconds[rate.per], limit, cost: rate.cost?.(params) ?? 1 };
    });
    const app = { id: core.app.id, store: core.store, zone: offsetOf(core.settings.timeZone) };
    if (!(await this.#counters.take(app, demands))) throw new RongcloudRefusal(1008);
  }

  #limitOf({ app }: Core, budget: string, { per, limit }: Rate): number {
    const rates = ratesOf(app);
    if (rates.size > 0)
      for (const path of this.#paths.get(budget) ?? []) {
        const given = rates.get(path)?.[per] ?? rates.get(path)?.every;
        if (given !== undefined) return given;
      }
    return limit * this.#factor;
  }
}

/** Milliseconds of an offset such as `+08:00`. */
const offsetOf = (zone: string): number => {
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};
