/**
 * The database's clock, so that nodes need not agree about the time, in steps of 64 µs that a sequence fills: unique
 * while fewer than 64 ticks are given within 64 µs, and rising for transactions that wait for each other.
 */
export const TICK =
  "((extract(epoch from clock_timestamp()) * 1000000)::int8 / 64 * 64 + 64 + nextval('ticks') % 64)";
