/**
 * Tokens of users, which say themselves whose they are. Nothing is stored for one: it is signed with the app's secret, so
 * that another secret ends all, and says when it was issued, so that one moment in the user's rules ends all before it.
 * It isn't bound to a device: each device that connects with it may say which one it is.
 *
 * `u.<base64url of signature, time and user>:<app key>`, maybe with `@<hosts>` behind, which tells a client where to go.
 */

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { App, Millis } from "../../ports/store.ts";

const prefix = "u.";
const signatureBytes = 32;
const timeBytes = 6;
/** So that no two tokens are the same. */
const saltBytes = 6;

export interface UserToken {
  userId: string;
  issuedAt: Millis;
}

type Signer = Pick<App, "key" | "secret">;

const sign = ({ key, secret }: Signer, body: Buffer): Buffer =>
  createHmac("sha256", secret).update(`parlance user token ${key}\n`).update(body).digest();

export function createUserToken(app: Signer, { userId, issuedAt }: UserToken): string {
  const time = Buffer.alloc(timeBytes);
  time.writeUIntBE(issuedAt, 0, timeBytes);
  const body = Buffer.concat([time, randomBytes(saltBytes), Buffer.from(userId)]);
  return `${prefix}${Buffer.concat([sign(app, body), body]).toString("base64url")}:${app.key}`;
}

export const isUserToken = (token: string): boolean => token.startsWith(prefix);

/** Null for what this app did not issue with its present secret. */
export function readUserToken(app: Signer, token: string): UserToken | null {
  const colon = token.lastIndexOf(":");
  if (!isUserToken(token) || colon < 0) return null;
  const bytes = Buffer.from(token.slice(prefix.length, colon), "base64url");
  const body = bytes.subarray(signatureBytes);
  if (body.length <= timeBytes + saltBytes) return null;
  if (!timingSafeEqual(bytes.subarray(0, signatureBytes), sign(app, body))) return null;
  return {
    issuedAt: body.readUIntBE(0, timeBytes),
    userId: body.subarray(timeBytes + saltBytes).toString(),
  };
}

/** Without the hosts that a client was told to go to. No token of ours has an `@` in it. */
export function withoutHosts(token: string): string {
  const at = token.indexOf("@");
  return at < 0 ? token : token.slice(0, at);
}
