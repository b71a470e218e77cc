/** Rates that are set for an app, held against the table of endpoints: one with a slip in its path would do nothing. */

import { isRateName, parseRate, pathOfRate } from "../core/apps/app-rates.ts";

/** What is wrong with it; null: nothing, or it is no rate. */
export async function wrongRateSetting(name: string, value: unknown): Promise<string | null> {
  if (!isRateName(name) || typeof value !== "string") return null;
  const { rongcloudRows } = await import("../dialects/rongcloud/endpoints/index.ts");
  const { defaultRates } = await import("../dialects/rongcloud/endpoint.ts");
  const path = pathOfRate(name);
  const row = rongcloudRows.find((one) => one.path === path);
  if (row === undefined) return `${name}: There is no endpoint ${path}.`;
  const units: readonly string[] = (row.rates ?? defaultRates).map(({ per }) => per);
  const isStrange = (unit: string) => unit !== "every" && !units.includes(unit);
  if (!Object.keys(parseRate(value) ?? {}).some(isStrange)) return null;
  return `${name}: Its calls are counted by the ${units.join(" and the ")}.`;
}
