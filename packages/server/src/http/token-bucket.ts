/** How often each caller may call: a bucket that holds one second's calls and fills as time goes by. */

export interface RateLimit {
  /** 0: taken. Otherwise seconds until the next call has a chance, at least 1, for `Retry-After`. */
  take(key: string, perSecond: number): number;
  /** Callers remembered, for tests. */
  readonly size: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Remembers the `maxKeys` callers that called last; one that is forgotten starts with a full bucket.
 * `now` gives milliseconds that never go back.
 */
export const createRateLimit = (
  maxKeys = 100_000,
  now: () => number = () => performance.now(),
): RateLimit => {
  const buckets = new Map<string, Bucket>();
  return {
    take(key, perSecond) {
      const at = now();
      const known = buckets.get(key);
      const burst = Math.max(1, perSecond);
      const tokens = known ? Math.min(burst, known.tokens + ((at - known.at) / 1000) * perSecond) : burst;
      buckets.delete(key);
      if (buckets.size >= maxKeys) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      const isTaken = tokens >= 1;
      buckets.set(key, { tokens: isTaken ? tokens - 1 : tokens, at });
      return isTaken ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
    },
    get size() {
      return buckets.size;
    },
  };
};
