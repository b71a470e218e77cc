/** Why the server closes a connection. A client that doesn't know a code acts by its range. */

/** `reconnect`: come back, with back-off. `newToken`: come back with another token. `stop`: don't come back. */
export type CloseAction = "reconnect" | "newToken" | "stop";

export interface CloseRow {
  code: number;
  sentence: string;
}

export const closeRanges = [
  { from: 4000, to: 4099, action: "reconnect", sentence: "Reconnect, with back-off." },
  { from: 4100, to: 4199, action: "newToken", sentence: "Get a new token, then reconnect." },
  { from: 4200, to: 4299, action: "stop", sentence: "Don't come back by yourself." },
] as const satisfies readonly { from: number; to: number; action: CloseAction; sentence: string }[];

export const closeCodes = {
  goingAway: { code: 4000, sentence: "The server is stopping; another one, or this one, takes you soon." },
  slowReader: { code: 4001, sentence: "More bytes wait for this connection than it may have waiting." },
  silent: { code: 4002, sentence: "The connection gave no sign of life." },
  tooManyFrames: { code: 4003, sentence: "The connection sent far more frames than it may." },
  serverTrouble: { code: 4004, sentence: "Something went wrong in the server." },
  tooManyOnline: { code: 4005, sentence: "The app has as many people online as it may." },
  tokenInvalid: { code: 4100, sentence: "The token is not known." },
  tokenExpired: { code: 4101, sentence: "The token has run out." },
  sessionClosed: { code: 4102, sentence: "The app's back end closed the session." },
  replaced: { code: 4200, sentence: "The same device connected anew." },
  loggedOut: { code: 4201, sentence: "Another device of this kind took its place." },
  userBlocked: { code: 4202, sentence: "The app blocked this user." },
  appInactive: { code: 4203, sentence: "Chat is switched off for this app." },
  malformedFrame: { code: 4204, sentence: "A frame could not be read, or had no id to reply to." },
  userDeactivated: { code: 4206, sentence: "The app deactivated this user." },
  frameTooLarge: { code: 4205, sentence: "A frame was larger than `frameBytes`." },
} as const satisfies Record<string, CloseRow>;

export type CloseName = keyof typeof closeCodes;

/** A close reason is at most 123 bytes of JSON text: `{"name":"goingAway","retryAfterMs":1500}`; it may be empty. */
export interface CloseReason {
  name?: string;
  /** Don't come back sooner than that. */
  retryAfterMs?: number;
}

/** Whatever is not ours (1006 of a cut line, 1012, 1013…) means reconnect. */
export const closeActionOf = (code: number): CloseAction =>
  code >= 4200 && code < 4300 ? "stop" : code >= 4100 && code < 4200 ? "newToken" : "reconnect";

/** Never throws: a reason that can't be read says nothing. */
export function readCloseReason(reason: string): CloseReason {
  try {
    const { name, retryAfterMs } = JSON.parse(reason) as Record<string, unknown>;
    return {
      ...(typeof name === "string" ? { name } : {}),
      ...(typeof retryAfterMs === "number" && retryAfterMs >= 0 ? { retryAfterMs } : {}),
    };
  } catch {
    return {};
  }
}
