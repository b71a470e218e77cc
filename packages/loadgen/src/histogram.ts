/**
 * A log-linear histogram of durations in microseconds: every power of two is cut into 64 equal buckets, so a quantile
 * is off by less than 1.6 %, and the whole range up to 2^36 µs (19 hours) takes 2,048 numbers. Recording is two shifts.
 */

const SUB_BITS = 6;
const SUB = 1 << SUB_BITS;
const MAX_POWER = 36;
const BUCKETS = SUB * (MAX_POWER - SUB_BITS + 2);

const bucketOf = (value: number): number => {
  if (value < SUB) return value;
  const power = value < 0x8000_0000 ? 31 - Math.clz32(value) : Math.floor(Math.log2(value));
  const shift = power - SUB_BITS;
  return (shift + 1) * SUB + (Math.floor(value / 2 ** shift) - SUB);
};

/** The middle of a bucket. */
const middleOf = (bucket: number): number => {
  if (bucket < SUB) return bucket;
  const shift = Math.floor(bucket / SUB) - 1;
  return ((bucket % SUB) + SUB + 0.5) * 2 ** shift;
};

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  get count(): number {
    return this.#total;
  }

  /** Below zero counts as zero; beyond the range counts as the last bucket. */
  record(micros: number): void {
    const value = Math.min(Math.max(0, Math.round(micros)), 2 ** MAX_POWER);
    this.#addTo(bucketOf(value), 1);
  }

  /** The smallest recorded value that at least `share` (0…1) of all values do not exceed; null when empty. */
  quantile(share: number): number | null {
    const wanted = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= wanted) return middleOf(bucket);
    }
    return null;
  }

  /** Pairs of bucket and count, to travel between processes. */
  toJSON(): [number, number][] {
    const pairs: [number, number][] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) pairs.push([bucket, count]);
    });
    return pairs;
  }

  /** Adds what another histogram's `toJSON` gave. */
  add(pairs: [number, number][]): this {
    for (const [bucket, count] of pairs) {
      if (!(bucket in this.#counts)) throw new RangeError(`no bucket ${bucket}`);
      this.#addTo(bucket, count);
    }
    return this;
  }

  #addTo(bucket: number, count: number): void {
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    this.#total += count;
  }
}
