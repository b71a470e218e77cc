/**
 * One table of errors: the name the core throws, the sentence a person reads, and the code each dialect answers.
 * A dialect that shows more than a code (a Django-like body, an `extra`) adds it where it encodes.
 */

export interface ErrorRow {
  sentence: string;
  /** HTTP status of a back end's call. */
  status: number;
  /** `error_code` on I2A's socket. Absent: the error can't reach a socket. */
  i2a?: number;
  /** `code` of RongCloud's Server API; absent: 1002. Its status there is that of the code. */
  rongcloud?: number;
}

const table = {
  invalidInput: { sentence: "Some fields are missing or wrong.", status: 400 },
  unauthorized: { sentence: "The application secret is missing or wrong.", status: 401 },
  appInactive: { sentence: "Chat is switched off for this application.", status: 403, rongcloud: 1006 },
  notFound: { sentence: "There is nothing here.", status: 404 },
  sessionNotFound: { sentence: "The session does not exist or is closed.", status: 404 },
  tokenExpired: { sentence: "The token has run out.", status: 401 },
  userBlocked: { sentence: "The user is blocked for a time.", status: 403 },
  userDeactivated: { sentence: "The user is deactivated.", status: 403 },
  userNotFound: { sentence: "The user id does not exist.", status: 404, rongcloud: 400 },
  directMuted: { sentence: "The user may not write to single users.", status: 403, rongcloud: 20106 },
  blockedByUser: { sentence: "The user is on the other one's blocklist.", status: 403, rongcloud: 405 },
  notAllowedByUser: {
    sentence: "The user is not on the other one's allowlist.",
    status: 403,
    rongcloud: 407,
  },
  conversationNotFound: { sentence: "Chat room does not exists.", status: 404, i2a: 10009 },
  messageNotFound: { sentence: "The message does not exist.", status: 404 },
  tooOld: { sentence: "Too much has changed since then; begin anew.", status: 410 },
  methodNotAllowed: { sentence: "This path does not know that method.", status: 405 },
  bodyTooLarge: { sentence: "The request body is too large.", status: 413, rongcloud: 1005 },
  unsupportedMediaType: { sentence: "Send the body as JSON or as a URL-encoded form.", status: 415 },
  tooManyRequests: { sentence: "Too many requests; try again later.", status: 429, rongcloud: 1008 },
  tooManyOnline: {
    sentence: "Connection refused: exceeded max concurrent online users limit for the application.",
    status: 400,
  },
  notMember: { sentence: "User does not belong to this chat room.", status: 403, i2a: 10001 },
  notAllowed: { sentence: "Only its author may do this.", status: 403 },
  notJoined: { sentence: "Join the chatroom first.", status: 403 },
  groupFull: {
    sentence: "The group would have more members than it may have.",
    status: 400,
    rongcloud: 405,
  },
  muted: { sentence: "User is muted in this chat room.", status: 403, i2a: 10010 },
  groupExists: { sentence: "There is such a group already.", status: 409, rongcloud: 25409 },
  groupNotHosted: {
    sentence: "Nothing is kept of this group; import it first.",
    status: 409,
    rongcloud: 25429,
  },
  ownerStays: {
    sentence: "The owner stays in the group, as its owner; transfer it first.",
    status: 403,
    rongcloud: 25417,
  },
  tooManyAdmins: {
    sentence: "The group would have more admins than it may have.",
    status: 400,
    rongcloud: 25419,
  },
  tooManyFollowed: {
    sentence: "The user would follow more members than may be.",
    status: 400,
    rongcloud: 25419,
  },
  tooManyFields: {
    sentence: "There would be more fields of the app's own than may be.",
    status: 400,
    rongcloud: 24363,
  },
  fieldUnknown: { sentence: "There is no such field.", status: 400, rongcloud: 24361 },
  ownFieldWrong: { sentence: "A field of the app's own has a wrong name.", status: 400, rongcloud: 24362 },
  fieldTooLong: { sentence: "A field is longer than allowed.", status: 400, rongcloud: 24364 },
  fieldNotNumber: { sentence: "A field must be a whole number.", status: 400, rongcloud: 24367 },
  fieldOutOfRange: { sentence: "A field is out of its range.", status: 400, rongcloud: 24368 },
  alreadyFriends: { sentence: "They are friends already.", status: 409, rongcloud: 25460 },
  notFriends: { sentence: "They are not friends.", status: 404, rongcloud: 25469 },
  friendRefused: { sentence: "This user takes no new friends.", status: 403, rongcloud: 25471 },
  tooManyFriends: { sentence: "The user has as many friends as may be.", status: 400, rongcloud: 25467 },
  nameEmpty: { sentence: "A group has a name.", status: 400, rongcloud: 25423 },
  isOneself: { sentence: "Nobody is their own friend.", status: 400, rongcloud: 25473 },
  tooManyChatrooms: { sentence: "The user is in as many chatrooms as may be.", status: 400 },
  keyTaken: { sentence: "Somebody else set this key of the chatroom.", status: 409 },
  blockedBySensitiveWord: {
    sentence: "The message holds a word that this app does not let pass.",
    status: 403,
    i2a: 10011,
    rongcloud: 21501,
  },
  tooManyWords: { sentence: "There would be more sensitive words than the app may have.", status: 400 },
  tooManyKeys: { sentence: "There would be more keys than a chatroom may have.", status: 400 },
  unavailable: {
    sentence: "Central router is not connected. Ignoring message.",
    status: 503,
    i2a: 10006,
    rongcloud: 1050,
  },
  /** The write may have been made, or may still be: a dialect must not say that it was refused. */
  outcomeUnknown: {
    sentence: "It is not known yet whether this was stored. Look before you repeat it.",
    status: 504,
    rongcloud: 1050,
  },
  internal: { sentence: "Exception in chat websocket server.", status: 500, i2a: 10000, rongcloud: 1000 },
} as const satisfies Record<string, ErrorRow>;

export type ErrorName = keyof typeof table;

export const errorRow = (name: ErrorName): ErrorRow => table[name];

export const isErrorName = (name: string): name is ErrorName => Object.hasOwn(table, name);

/** What the core throws when it refuses. `details` are for the dialect to show; never a secret or a message text. */
export class ParlanceError extends Error {
  readonly code: ErrorName;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorName, details: Record<string, unknown> = {}, sentence?: string) {
    super(sentence ?? table[code].sentence);
    this.name = "ParlanceError";
    this.code = code;
    this.details = details;
  }
}

/** The server can't start as it is set up. The message is for whoever starts it, and says what to do. */
export class StartRefused extends Error {}
