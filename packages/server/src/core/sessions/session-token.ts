import { createHash, randomBytes } from "node:crypto";

const secretBytes = 32;

/**
 * `<256 random bits>:<app key>`. I2A's clients expect the colon and the app behind it; it also tells which app to ask.
 * Base64url has no colon, and an app's key has none either.
 */
export function createSessionToken(appKey: string): string {
  return `${randomBytes(secretBytes).toString("base64url")}:${appKey}`;
}

/** The app's key at the end of a token, or null for what can't be a token. */
export function appKeyOfToken(token: string): string | null {
  const colon = token.lastIndexOf(":");
  return colon > 0 && colon < token.length - 1 ? token.slice(colon + 1) : null;
}

/** What the store keeps: who reads the database can't connect with it. */
export function hashSessionToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
