/** What is used of rates: one row for each limit of an app, of its newest window, so that nothing grows. */

import { sql } from "kysely";
import type { RateClaim } from "../../../ports/store-rates.ts";
import type { Db } from "../schema.ts";
import type { WriteScope } from "./write-scope.ts";

/** Resolves to what is used of the window after it. */
const use = async (db: Db, appId: number, { name, seconds, window, count }: RateClaim): Promise<number> => {
  const { rows } = await sql<{ used: number }>`
    insert into rate_windows (app_id, name, seconds, window_number, used)
    values (${appId}, ${name}, ${seconds}, ${window}, ${count})
    on conflict (app_id, name, seconds) do update set
      used = excluded.used + case when rate_windows.window_number >= excluded.window_number then rate_windows.used else 0 end,
      window_number = case when rate_windows.window_number >= excluded.window_number
        then rate_windows.window_number else excluded.window_number end
    returning used`.execute(db);
  return Number(rows[0]?.used);
};

/** Takes back what a claim got beyond, or, as a whole, without the others. */
const giveBack = async (
  db: Db,
  appId: number,
  { name, seconds }: RateClaim,
  count: number,
): Promise<void> => {
  if (count === 0) return;
  await db
    .updateTable("rate_windows")
    .set((row) => ({ used: row("used", "-", count) }))
    .where("app_id", "=", appId)
    .where("name", "=", name)
    .where("seconds", "=", seconds)
    .execute();
};

export const rateWrites = {
  async takeRates(
    { db }: WriteScope,
    appId: number,
    claims: RateClaim[],
    isWhole: boolean,
  ): Promise<number[]> {
    const granted: number[] = [];
    for (const claim of claims) {
      const used = await use(db, appId, claim);
      granted.push(Math.max(0, claim.count - Math.max(0, used - claim.most)));
    }
    const isRefused = isWhole && claims.some(({ count }, at) => granted[at] !== count);
    for (const [at, claim] of claims.entries()) {
      if (isRefused) granted[at] = 0;
      await giveBack(db, appId, claim, claim.count - (granted[at] as number));
    }
    return granted;
  },
};
