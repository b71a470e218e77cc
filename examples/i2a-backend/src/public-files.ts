/** Serves the page's files from memory, by exact name, with an ETag and a strict content security policy. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

interface PublicFile {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
}

/** Everything is refused that the page doesn't use; `require-trusted-types-for` makes `innerHTML` throw. */
const policy = (socketUrl: string): string => {
  const socketOrigin = /^wss?:/.test(socketUrl) ? ` ${new URL(socketUrl).origin}` : "";
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${socketOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
};

const load = (folder: string): Map<string, PublicFile> => {
  const files = new Map<string, PublicFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    files.set(name.replaceAll(sep, "/"), { bytes, type, etag });
  }
  return files;
};

export const openPublicFiles = (folder: string, socketUrl: string) => {
  const files = load(folder);
  const common = {
    "cache-control": "no-cache",
    "content-security-policy": policy(socketUrl),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };

  /** Null: there is no such file. `name` is relative; "" is the page itself. */
  return (request: Request, name: string): Response | null => {
    const file = files.get(name === "" ? "index.html" : name);
    if (!file) return null;
    const headers = { ...common, "content-type": file.type, etag: file.etag };
    const known = request.headers.get("if-none-match")?.split(/,\s*/) ?? [];
    if (known.some((tag) => tag.replace(/^W\//, "") === file.etag))
      return new Response(null, { status: 304, headers });
    return new Response(request.method === "HEAD" ? null : file.bytes, { headers });
  };
};
