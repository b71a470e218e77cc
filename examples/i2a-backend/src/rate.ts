/** Token buckets, one a key: `burst` at once, then `perSecond`. Keys that are full again are forgotten. */
import { Refusal } from "./refusal.ts";

const maxKeys = 10_000;

export const limitRate = (burst: number, perSecond: number, now: () => number = Date.now) => {
  const buckets = new Map<string, { tokens: number; at: number }>();

  const forgetFull = (time: number) => {
    for (const [key, { tokens, at }] of buckets) {
      if (tokens + ((time - at) / 1_000) * perSecond >= burst) buckets.delete(key);
    }
  };

  /** Throws a 429 when the key has used up its share. */
  return (key: string): void => {
    const time = now();
    if (buckets.size >= maxKeys && !buckets.has(key)) forgetFull(time);
    const { tokens, at } = buckets.get(key) ?? { tokens: burst, at: time };
    const left = Math.min(burst, tokens + ((time - at) / 1_000) * perSecond);
    if (left < 1 || (buckets.size >= maxKeys && !buckets.has(key)))
      throw new Refusal(429, "That is too fast; wait a moment.");
    buckets.set(key, { tokens: left - 1, at: time });
  };
};
