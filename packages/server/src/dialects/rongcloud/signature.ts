/**
 * Who calls: headers `App-Key`, `Nonce`, `Timestamp`, `Signature`, or the same with the prefix `RC-`, for hosts that strip
 * headers of their own names. The signature is the hex SHA-1 of secret, nonce and timestamp, in upper or lower case; the
 * body is not signed. Official SDKs send seconds or milliseconds, and one signs once for the life of its process: so by
 * default neither the time nor the nonce is held against a caller (`strictSignatures` changes that for an app).
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { AppRegistry } from "../../core/apps/app-registry.ts";
import type { Core } from "../../core/core.ts";
import type { UsedNonces } from "./nonces.ts";
import { RongcloudRefusal } from "./refusal.ts";

const header = (request: Request, name: string): string =>
  request.headers.get(name) ?? request.headers.get(`rc-${name}`) ?? "";

/** Longer ones are nobody's: SDKs send up to 19 digits. */
const longestPart = 64;

export const signatureOf = (secret: string, nonce: string, timestamp: string): string =>
  createHash("sha1")
    .update(secret + nonce + timestamp)
    .digest("hex");

/** Takes as long whatever is wrong. */
const isSame = (given: string, expected: string): boolean => {
  const bytes = Buffer.from(expected);
  const others = Buffer.alloc(bytes.length);
  others.write(given.toLowerCase());
  return timingSafeEqual(bytes, others) && given.length === expected.length;
};

/** Milliseconds, from seconds as well: 10^11 seconds are the year 5138, 10^11 milliseconds 1973. */
const toMillis = (timestamp: string): number =>
  Number(timestamp) < 1e11 ? Number(timestamp) * 1000 : Number(timestamp);

/** Throws 1002 for an app that doesn't exist, 1006 for one that is switched off, 1004 for a wrong signature. */
export function authenticate(apps: AppRegistry, used: UsedNonces, request: Request): Core {
  const core = apps.byKey(header(request, "app-key"));
  if (core === undefined) throw new RongcloudRefusal(1002, "Invalidate App-Key.");
  const [nonce, timestamp] = [header(request, "nonce"), header(request, "timestamp")];
  if (nonce === "" || timestamp === "" || nonce.length > longestPart || timestamp.length > longestPart)
    throw new RongcloudRefusal(1004);
  if (!isSame(header(request, "signature"), signatureOf(core.app.secret, nonce, timestamp)))
    throw new RongcloudRefusal(1004);
  if (!core.app.isActive) throw new RongcloudRefusal(1006);
  if (core.settings.strictSignatures) assertFresh(core, used, nonce, timestamp);
  return core;
}

function assertFresh(core: Core, used: UsedNonces, nonce: string, timestamp: string): void {
  const window = core.settings.signatureSeconds * 1000;
  const isNear = Math.abs(toMillis(timestamp) - Date.now()) <= window;
  if (!isNear)
    throw new RongcloudRefusal(1004, "Signature error. The Timestamp is too far from the server's time.");
  if (!used.take(`${core.app.id} ${timestamp} ${nonce}`, 2 * window))
    throw new RongcloudRefusal(1004, "Signature error. This Nonce was used before.");
}
