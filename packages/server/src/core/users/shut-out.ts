import type { Core } from "../core.ts";
import type { ShutOut } from "./standing.ts";

/** Ends the connections of these users, on whichever node; to be called when the store knows why. */
export function shutOut(core: Core, userIds: readonly string[], reason: ShutOut): void {
  for (const userId of userIds) core.publish({ kind: "userShutOut", userId, reason });
}
