/** The codes of the API, with the HTTP status each travels with and the sentence for who gets no better one. */

const codes = {
  400: { status: 400, sentence: "The user id does not exist." },
  404: { status: 404, sentence: "There is no such endpoint." },
  405: { status: 405, sentence: "This endpoint does not know that method." },
  1000: { status: 500, sentence: "Internal error, please try again later." },
  1002: { status: 400, sentence: "A parameter is wrong." },
  1003: { status: 400, sentence: "The request has no data." },
  1004: {
    status: 401,
    sentence: "Signature error. Please check whether Appkey and Secret are correct.",
  },
  1005: { status: 400, sentence: "A parameter is longer than allowed." },
  1006: { status: 401, sentence: "The app is locked or deleted." },
  1007: { status: 401, sentence: "Calls from this address are not allowed." },
  1008: { status: 429, sentence: "The call frequency exceeds the limit." },
  1009: { status: 430, sentence: "The service is not enabled for this app." },
  1010: { status: 403, sentence: "The allowlist is not enabled." },
  1011: { status: 403, sentence: "The blocklist is not enabled." },
  1015: { status: 200, sentence: "The data to delete do not exist." },
  1016: { status: 403, sentence: "There are too many keep-alive chatrooms." },
  1050: { status: 504, sentence: "The service took too long, please try again." },
  2007: { status: 403, sentence: "There are as many users as the app may have." },
  20604: { status: 403, sentence: "Too many messages in a short time." },
  24369: { status: 430, sentence: "Hosting is not enabled." },
} as const satisfies Record<number, { status: number; sentence: string }>;

export type RongcloudCode = keyof typeof codes;

const isKnown = (code: number): code is RongcloudCode => Object.hasOwn(codes, code);

/** Codes that only some endpoints have (those of hosting, 24360 to 25480) are refusals of what was asked. */
export const statusOf = (code: number): number => (isKnown(code) ? codes[code].status : 403);

export const sentenceOf = (code: number): string => (isKnown(code) ? codes[code].sentence : "Refused.");
