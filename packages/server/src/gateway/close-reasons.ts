/**
 * Why the gateway ends a connection, in one table. A dialect may answer other codes where its clients expect them.
 * 1012 and 1013: connect again. 4000–4099: get a new token first. 4100–4199: don't come back by yourself.
 */
const table = {
  draining: { code: 1012, text: "the server restarts" },
  slowReader: { code: 1013, text: "too slow: reconnect and read what you missed from history" },
  outcomeUnknown: {
    code: 1013,
    text: "the store does not answer: reconnect and read from history what it has",
  },
  inboxFull: { code: 1008, text: "too many frames at once" },
  tooManyFrames: { code: 1008, text: "too many frames a minute" },
  invalidFrame: { code: 1011, text: "a frame could not be understood" },
  frameTooLarge: { code: 1009, text: "a frame is larger than it may be" },
  silent: { code: 1001, text: "no sign of life" },
  tooManyOnline: { code: 1013, text: "too many people of the application are online" },
  sessionClosed: { code: 4000, text: "the session is closed: get a new token" },
  appClosed: { code: 4001, text: "the application is switched off" },
  userBlocked: { code: 4101, text: "the user is blocked for a time" },
  userDeactivated: { code: 4102, text: "the user is deactivated" },
  replaced: { code: 4100, text: "the same device connected again" },
} as const;

export type CloseReason = keyof typeof table;

export interface Farewell {
  code: number;
  /** At most 123 bytes. */
  text: string;
}

/** Who is told when to come back is told so in the place of the reason. */
export const defaultFarewell = (reason: CloseReason, retryAfterMs?: number): Farewell =>
  retryAfterMs === undefined
    ? table[reason]
    : { code: table[reason].code, text: JSON.stringify({ reconnect_after_ms: retryAfterMs }) };
