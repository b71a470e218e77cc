import { setTimeout as delay } from "node:timers/promises";
import type { Counted } from "../generator/commands.ts";
import type { Fleet } from "../generator/fleet.ts";

const POLL_MILLIS = 50;
/** Polls without a new delivery after which what is missing is missing. */
const STILL_POLLS = 200;
const SETTLE_MILLIS = 20_000;

/**
 * Waits until everything sent so far was delivered to all members, or nothing has moved for ten seconds, or twenty
 * have passed. Deliveries that never came are `sent * members - messages`.
 */
export async function settle(fleet: Fleet, members: number): Promise<Counted & { missing: number }> {
  const deadline = performance.now() + SETTLE_MILLIS;
  let last = -1;
  let still = 0;
  for (;;) {
    const counted = await fleet.count();
    const missing = counted.sent * members - counted.messages;
    if (missing === 0 && counted.sent === counted.acknowledged) return { ...counted, missing };
    still = counted.messages === last ? still + 1 : 0;
    last = counted.messages;
    if (still >= STILL_POLLS || performance.now() > deadline) return { ...counted, missing };
    await delay(POLL_MILLIS);
  }
}
