import type { CloseName } from "@parlance/protocol";
import type { CloseReason, Farewell } from "../../gateway/close-reasons.ts";
import { closeCode, closeText } from "./refusal.ts";

/** What this protocol calls the gateway's reasons to end a connection. */
const names: Record<CloseReason, CloseName> = {
  draining: "goingAway",
  slowReader: "slowReader",
  outcomeUnknown: "serverTrouble",
  inboxFull: "tooManyFrames",
  tooManyFrames: "tooManyFrames",
  frameTooLarge: "frameTooLarge",
  invalidFrame: "malformedFrame",
  silent: "silent",
  tooManyOnline: "tooManyOnline",
  sessionClosed: "sessionClosed",
  appClosed: "appInactive",
  userBlocked: "userBlocked",
  userDeactivated: "userDeactivated",
  replaced: "replaced",
};

export function farewell(reason: CloseReason, retryAfterMs?: number): Farewell {
  const name = names[reason];
  return { code: closeCode(name), text: closeText(name, retryAfterMs) };
}
