/** How often one address may call: a bucket that holds so many calls, and fills as time goes by. */

import { Refusal } from "./refusal.ts";

export interface CallLimit {
  burst: number;
  perSecond: number;
}

const mostAddresses = 10_000;

/**
 * Returns what takes a call from an address's bucket, or throws a 429. Remembers those that called last; one that is
 * forgotten starts with a full bucket. `now` gives milliseconds that never go back.
 */
export function limitCalls(
  { burst, perSecond }: CallLimit,
  most = mostAddresses,
  now = (): number => performance.now(),
): (address: string) => void {
  const buckets = new Map<string, { calls: number; at: number }>();
  return (address) => {
    const at = now();
    const known = buckets.get(address) ?? { calls: burst, at };
    const calls = Math.min(burst, known.calls + ((at - known.at) / 1000) * perSecond);
    buckets.delete(address);
    buckets.set(address, { calls: calls >= 1 ? calls - 1 : calls, at });
    const [oldest] = buckets.keys();
    if (buckets.size > most && oldest !== undefined) buckets.delete(oldest);
    if (calls >= 1) return;
    const seconds = Math.max(1, Math.ceil((1 - calls) / perSecond));
    const wait = seconds === 1 ? "a second" : `${seconds} seconds`;
    throw new Refusal(429, `That was too much at once: try again in ${wait}.`, {
      "retry-after": String(seconds),
    });
  };
}
