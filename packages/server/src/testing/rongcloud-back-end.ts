import { createHash } from "node:crypto";
import type { Answer } from "./i2a-back-end.ts";

type Params = Record<string, unknown>;

export interface RongcloudBackEnd {
  /** As a form: lists as repeated keys, objects in lists and values as JSON text. */
  call(path: string, params?: Params): Promise<Answer>;
  callJson(path: string, params?: Params): Promise<Answer>;
  /** With the parameters in the query. */
  get(path: string, params?: Params): Promise<Answer>;
  /** As `call`; throws with the answer unless it says 200. Resolves to the body. */
  ok(path: string, params?: Params): Promise<Answer["body"]>;
  /** The token of a user, registered by this. */
  token(userId: string, name?: string): Promise<string>;
}

/** The headers of a signed request, made now. */
export function signedHeaders(key: string, secret: string): Record<string, string> {
  const nonce = String(Math.random()).slice(2, 18);
  const timestamp = String(Date.now());
  const signature = createHash("sha1")
    .update(secret + nonce + timestamp)
    .digest("hex");
  return { "App-Key": key, Nonce: nonce, Timestamp: timestamp, Signature: signature };
}

/** An app server that calls the Server API; `url` may name another node at each call. */
export function rongcloudBackEnd(
  url: string | (() => string),
  { key, secret }: { key: string; secret: string },
): RongcloudBackEnd {
  const send = async (method: string, path: string, body?: string, type?: string): Promise<Answer> => {
    const base = typeof url === "string" ? url : url();
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...signedHeaders(key, secret), ...(type && { "content-type": type }) },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  };
  const call: RongcloudBackEnd["call"] = (path, params = {}) =>
    send("POST", path, toForm(params), "application/x-www-form-urlencoded");
  const ok: RongcloudBackEnd["ok"] = async (path, params) => {
    const { body } = await call(path, params);
    if (body.code !== 200) throw new Error(`${path} answered ${JSON.stringify(body)}`);
    return body;
  };
  return {
    call,
    callJson: (path, params = {}) => send("POST", path, JSON.stringify(params), "application/json"),
    get: (path, params = {}) => send("GET", `${path}?${toForm(params)}`),
    ok,
    token: async (userId, name = userId) => (await ok("/user/getToken.json", { userId, name })).token,
  };
}

const toText = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);

export function toForm(params: Params): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined && item !== null) form.append(name, toText(item));
  return form.toString();
}
