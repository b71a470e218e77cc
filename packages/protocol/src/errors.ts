/** One table of errors. Ranges: 1xxx the request, 2xxx the session, 3xxx the conversation, 4xxx the message, 9xxx the server. */

import { boolean, type Infer, integer, object, optional, string } from "./schema/schema.ts";

export interface ProtocolErrorRow {
  code: number;
  sentence: string;
  /** The same request may succeed later. A send keeps its client id when it is repeated. */
  isRetryable: boolean;
}

const row = (code: number, sentence: string): ProtocolErrorRow => ({ code, sentence, isRetryable: false });
const later = (code: number, sentence: string): ProtocolErrorRow => ({ code, sentence, isRetryable: true });

export const protocolErrors = {
  malformedRequest: row(1000, "The frame has an id but is no request."),
  unknownMethod: row(1001, "There is no such method."),
  invalidParams: row(1002, "Parameters are missing or wrong; the message names them."),
  duplicateId: row(1003, "A request with this id still waits for its reply."),
  tooManyRequests: later(1004, "Too many requests wait for replies."),
  rateLimited: later(1005, "Too many requests in a short time; `retryAfterMs` says how long to wait."),
  tooManyWatched: row(1006, "You watch the presence of as many users as you may."),
  unauthorized: row(2000, "The token is missing, wrong or out of date."),
  sessionClosed: row(2001, "The session was closed."),
  appInactive: row(2002, "Chat is switched off for this app."),
  tooManyOnline: later(2003, "The app has as many people online as it may."),
  userBlocked: row(2004, "The app blocked this user."),
  unsupportedProtocol: row(2005, "The server speaks none of the subprotocols that were offered."),
  tokenExpired: row(2006, "The token has run out."),
  userDeactivated: row(2007, "The app deactivated this user."),
  conversationNotFound: row(3000, "There is no such conversation."),
  notMember: row(3001, "You are not a member of the conversation."),
  notAllowed: row(3002, "You may not do this here."),
  muted: row(3003, "You may not write here for now."),
  blocked: row(3004, "The other user doesn't take messages from you."),
  wrongKind: row(3005, "Conversations of this kind don't know the method."),
  notJoined: row(3006, "Join the chatroom first."),
  tooManyChatrooms: row(3007, "You are in as many chatrooms as you may be."),
  keyTaken: row(3008, "Somebody else set this key of the chatroom."),
  tooManyKeys: row(3009, "There would be more keys than there may be."),
  tagNotFound: row(3010, "You have no such tag."),
  tagExists: row(3011, "You have such a tag already."),
  tooManyTags: row(3012, "You have as many tags as you may have."),
  messageNotFound: row(4000, "There is no such message for you."),
  tooOld: row(4001, "What you ask for is too far behind or gone; reload the history."),
  contentTooLarge: row(4002, "The content is larger than it may be."),
  contentRefused: row(4003, "The app doesn't let this content pass."),
  notYours: row(4004, "Only its author may change the message."),
  quoteNotFound: row(4005, "The quoted message doesn't exist in this conversation."),
  blockedBySensitiveWord: row(4006, "The message holds a word that the app doesn't let pass."),
  internal: row(9000, "Something went wrong in the server."),
  unavailable: later(9001, "The server can't do this at the moment; it may or may not have been done."),
} as const satisfies Record<string, ProtocolErrorRow>;

export type ProtocolErrorName = keyof typeof protocolErrors;

/** A client reads `name`, and may meet names and codes that its version doesn't know. */
export const errorBody = object({
  code: integer(),
  name: string(),
  message: string(),
  isRetryable: boolean(),
  retryAfterMs: optional(integer({ minimum: 0 })),
});

export type ErrorBody = Infer<typeof errorBody>;

/** The body that answers a refusal. */
export const errorBodyOf = (
  name: ProtocolErrorName,
  more: { message?: string; retryAfterMs?: number } = {},
): ErrorBody => {
  const { code, sentence, isRetryable } = protocolErrors[name];
  return { code, name, message: sentence, isRetryable, ...more };
};
