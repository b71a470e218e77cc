/** Serves the built page from memory, by exact name: no inline script, hashed files for good, the page itself never. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Everything is refused that the page doesn't use. The socket is on the page's own host. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

export type PageFiles = (request: Request, name: string) => Response | null;

/** Null where the page was never built. `name` is relative; "" is the page itself. */
export function openPageFiles(folder: string): PageFiles | null {
  if (!existsSync(join(folder, "index.html"))) return null;
  const files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; type: string }>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    files.set(name.replaceAll(sep, "/"), { bytes: new Uint8Array(readFileSync(join(folder, name))), type });
  }
  return (request, name) => {
    const file = files.get(name === "" ? "index.html" : name);
    if (!file) return null;
    const isHashed = name.startsWith("assets/");
    const headers = {
      "content-type": file.type,
      "cache-control": isHashed ? "public, max-age=31536000, immutable" : "no-cache",
      "content-security-policy": policy,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    };
    return new Response(request.method === "HEAD" ? null : file.bytes, { headers });
  };
}
