/**
 * Addresses of hours of the message log. Whoever has one may fetch that hour until it expires: it is signed with the app's
 * secret, so that nobody guesses one, and a new secret ends all of them.
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import type { App } from "../../../ports/store.ts";

export const logPath = "/rongcloud/message-logs/";
export const linkSeconds = 3600;

const signatureOf = ({ key, secret }: App, hour: string, expires: number): string =>
  createHmac("sha256", secret).update(`message log\n${key}\n${hour}\n${expires}`).digest("base64url");

/** Below `origin`, for an hour `YYYYMMDDHH`. */
export function logLink(origin: string, app: App, hour: string, now = Date.now()): string {
  const expires = Math.floor(now / 1000) + linkSeconds;
  const file = `${logPath}${encodeURIComponent(app.key)}/${hour}.zip`;
  return `${origin}${file}?expires=${expires}&signature=${signatureOf(app, hour, expires)}`;
}

export interface LogLink {
  appKey: string;
  hour: string;
  expires: number;
  signature: string;
}

/** Null: it is no such address. */
export function readLogLink(url: URL): LogLink | null {
  const match = /^([^/]{1,255})\/(\d{10})\.zip$/.exec(url.pathname.slice(logPath.length));
  if (!url.pathname.startsWith(logPath) || !match) return null;
  const [, name = "", hour = ""] = match;
  try {
    const appKey = decodeURIComponent(name);
    const { searchParams } = url;
    const signature = searchParams.get("signature") ?? "";
    return { appKey, hour, expires: Number(searchParams.get("expires")), signature };
  } catch {
    return null;
  }
}

export function isValidLink(app: App, { hour, expires, signature }: LogLink, now = Date.now()): boolean {
  if (!Number.isSafeInteger(expires) || expires * 1000 < now) return false;
  const expected = Buffer.from(signatureOf(app, hour, expires));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
