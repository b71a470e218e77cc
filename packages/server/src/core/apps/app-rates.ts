/**
 * Rates of calls that an app has otherwise than usual: settings of the name `rate.` and the path of the call without its
 * `.json`, such as `rate./user/getToken=500`, or `rate./push=10/hour,30/day` where a call has several.
 */

import type { App } from "../../ports/store.ts";

export const rateUnits = ["second", "minute", "hour", "day"] as const;
export type RateUnit = (typeof rateUnits)[number];

/** By the unit; `every`: of all units that the call has. */
export type AppRate = Partial<Record<RateUnit | "every", number>>;

const prefix = "rate.";
const mostOfRate = 1_000_000_000;

export const isRateName = (name: string): boolean => /^rate\.\/[\w/.]{1,100}$/.test(name);

/** The path of a call, as it is called. */
export const pathOfRate = (name: string): string =>
  `${name.slice(prefix.length).replace(/\.json$/, "")}.json`;

/** Null: it is none. */
export function parseRate(text: string): AppRate | null {
  const rate: AppRate = {};
  for (const part of text.split(",")) {
    const [, digits, unit = "every"] = /^(\d{1,10})(?:\/(second|minute|hour|day))?$/.exec(part.trim()) ?? [];
    const limit = Number(digits);
    if (digits === undefined || limit > mostOfRate || rate[unit as RateUnit] !== undefined) return null;
    rate[unit as RateUnit] = limit;
  }
  return rate;
}

export const wrongRate = `It must be a number of calls, or such as 10/hour,30/day; each up to ${mostOfRate}.`;

const known = new WeakMap<App, ReadonlyMap<string, AppRate>>();

/** By the paths of calls. */
export function ratesOf(app: App): ReadonlyMap<string, AppRate> {
  let rates = known.get(app);
  if (rates === undefined) {
    const found = new Map<string, AppRate>();
    for (const [name, value] of Object.entries(app.settings)) {
      const rate = isRateName(name) && typeof value === "string" ? parseRate(value) : null;
      if (rate !== null) found.set(pathOfRate(name), rate);
    }
    rates = found;
    known.set(app, rates);
  }
  return rates;
}
