import { ParlanceError } from "../../errors.ts";
import type { Millis } from "../../ports/store.ts";
import type { UserState } from "../../ports/store-users.ts";

/** Why somebody may not be connected, whatever they hold. */
export type ShutOut = "userBlocked" | "userDeactivated" | "sessionNotFound";

/** Null: they may. A block ends by itself. */
export function shutOutOf(state: UserState | undefined, now: Millis = Date.now()): ShutOut | null {
  if (state?.deactivatedAt != null) return "userDeactivated";
  if (state !== undefined && state.blockedUntil > now) return "userBlocked";
  return state === undefined || state.registeredAt === null ? "sessionNotFound" : null;
}

/** What somebody connects with: a session, or a token that no session is kept of. */
export interface Pass {
  tokenHash: string | null;
  /** When it was issued. Absent: nobody asks. */
  issuedAt?: Millis;
}

/** Throws `userBlocked`, `userDeactivated`, and `sessionNotFound` for a pass from before the user, or their tokens, began anew. */
export function assertMayConnect(state: UserState | undefined, { tokenHash, issuedAt }: Pass): void {
  const shutOut = shutOutOf(state);
  if (shutOut !== null) throw new ParlanceError(shutOut);
  if (issuedAt === undefined || state === undefined) return;
  // Sessions go with their user; their time is by another clock than that of the registration.
  const begin = tokenHash === null ? (state.registeredAt ?? 0) : 0;
  if (issuedAt < Math.max(begin, state.tokensFrom)) throw new ParlanceError("sessionNotFound");
}
