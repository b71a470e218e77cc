const first = 500;
const most = 30_000;

/**
 * Milliseconds before the next attempt, after that many failed ones: doubling, spread over the upper half so that
 * clients whom one server lost don't return as one. The server's hint is never undercut.
 */
export function backOff(failures: number, hint: number, random: () => number): number {
  const full = Math.min(most, first * 2 ** Math.min(failures, 16));
  const spread = full * (0.5 + random() / 2);
  return hint > 0 ? Math.max(hint * (1 + random() / 5), spread) : spread;
}
