/** Rises only with what a client of the version before could not ignore; new fields, methods and events don't raise it. */
export const protocolVersion = 1;

/** The WebSocket subprotocols, one for each codec; a client that offers none speaks JSON. */
export const subprotocols = { json: "parlance.v1.json", msgpack: "parlance.v1.msgpack" } as const;

export type CodecName = keyof typeof subprotocols;

/** A browser can't set headers: it offers this and the token's UTF-8 in base64url, after the codec's subprotocol. */
export const tokenSubprotocol = "parlance.token.";
