import type { AppStore } from "../../ports/store.ts";
import type { RateDemand } from "./rate-counters.ts";

/** Milliseconds for which a refusal is repeated without asking the store. */
const quiet = 1000;
const mostRefused = 10_000;

/** Long windows, hours and days by the app's clock: each use is counted in the store, for all of them or for none. */
export class ExactRates {
  readonly #now: () => number;
  /** Until when, by what was asked for. */
  readonly #refused = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Rejects with `unavailable` when the store can't be asked. */
  async take(
    { id, store, zone }: { id: number; store: Pick<AppStore, "takeRates">; zone: number },
    demands: readonly RateDemand[],
  ): Promise<boolean> {
    const key = `${id} ${demands.map(({ name, limit, cost }) => `${name} ${limit} ${cost}`).join(" ")}`;
    const now = this.#now();
    if ((this.#refused.get(key) ?? 0) > now) return false;
    this.#refused.delete(key);
    const claims = demands.map(({ name, seconds, limit, cost }) => ({
      name,
      seconds,
      window: Math.floor((now + zone) / (seconds * 1000)),
      count: cost,
      most: limit,
    }));
    const granted = await store.takeRates(claims, true);
    const isGranted = granted.every((count, at) => count === claims[at]?.count);
    if (!isGranted) this.#refuse(key, now);
    return isGranted;
  }

  #refuse(key: string, now: number): void {
    if (this.#refused.size >= mostRefused) this.#refused.clear();
    this.#refused.set(key, now + quiet);
  }
}
