/** Smaller answers for those who ask for them. */

import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

/** Bytes; below, what is saved is not worth the work, and may be less than nothing. */
const leastBytes = 1024;
/** Most of the saving for little of the work. */
const level = 5;

/** Whether a client that sent this `Accept-Encoding` reads gzip. Who says nothing gets plain text. */
export function takesGzip(accepted: string | null): boolean {
  if (accepted === null) return false;
  let isTaken = false;
  for (const part of accepted.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    if (name === "gzip" || name === "x-gzip") return !isRefused;
    if (name === "*") isTaken = !isRefused;
  }
  return isTaken;
}

/** The body as it travels, with the headers that say so. */
export async function encodeBody(
  accepted: string | null,
  text: string,
): Promise<{ body: string | Uint8Array<ArrayBuffer>; headers: Record<string, string> }> {
  const vary = { vary: "accept-encoding" };
  const isSmall = text.length < leastBytes && Buffer.byteLength(text) < leastBytes;
  if (isSmall || !takesGzip(accepted)) return { body: text, headers: vary };
  const body = new Uint8Array(await compress(text, { level }));
  return { body, headers: { ...vary, "content-encoding": "gzip" } };
}
