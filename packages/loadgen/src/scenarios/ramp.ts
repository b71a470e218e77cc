/** Doublings without a better rate after which the search ends. */
const PATIENCE = 2;
/** A rate is better when it is this much higher. */
const STEP_UP = 1.03;
/** The smallest number whose rate comes this near the best is taken. */
const NEAR_BEST = 0.95;

/**
 * Doubles the number of messages under way from `first` to at most `last` until the rate stops growing, and returns
 * the smallest number that came near the best rate: more would only lengthen the queues.
 */
export async function findOutstanding(
  first: number,
  last: number,
  rateAt: (outstanding: number) => Promise<number>,
): Promise<number> {
  const steps: { outstanding: number; rate: number }[] = [];
  let best = 0;
  let idle = 0;
  for (let outstanding = first; outstanding <= last && idle < PATIENCE; outstanding *= 2) {
    const rate = await rateAt(outstanding);
    steps.push({ outstanding, rate });
    idle = rate > best * STEP_UP ? 0 : idle + 1;
    best = Math.max(best, rate);
  }
  return steps.find(({ rate }) => rate >= best * NEAR_BEST)?.outstanding ?? first;
}
