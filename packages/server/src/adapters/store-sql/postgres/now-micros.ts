import type { Micros } from "../../../ports/store.ts";

/**
 * The node's clock, which tells milliseconds, with microseconds that are no part of it: nodes that store messages in the
 * same millisecond give them different times, so that a time alone nearly always names one message of an app.
 */
export const nowMicros = (): Micros => Date.now() * 1000 + Math.floor((performance.now() * 1000) % 1000);
