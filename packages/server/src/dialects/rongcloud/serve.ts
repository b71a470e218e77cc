/** Answers the calls of RongCloud's Server API: route, authenticate, decode, check, rate, run; in this order. */

import { randomUUID } from "node:crypto";
import type { AppRegistry } from "../../core/apps/app-registry.ts";
import type { Core } from "../../core/core.ts";
import { decodeBody, decodeQuery } from "../../http/decode.ts";
import { encodeBody } from "../../http/gzip.ts";
import type { RawParams } from "../../http/raw-value.ts";
import type { Handler } from "../../http/serve.ts";
import { isAllowedAddress } from "./addresses.ts";
import type { CallContext, RongcloudRow } from "./endpoint.ts";
import { rongcloudRows } from "./endpoints/index.ts";
import { UsedNonces } from "./nonces.ts";
import { RateLimits } from "./rates.ts";
import { compileRow } from "./read-params.ts";
import { RongcloudRefusal, refusalOf } from "./refusal.ts";
import { authenticate } from "./signature.ts";

export interface RongcloudOptions {
  apps: AppRegistry;
  /** Multiplies every documented rate. */
  rateFactor: number;
  /** Nodes that share the rates, this one included; absent: it is alone. */
  nodes?(): number;
  bodyBytes: number;
  /** `https://host` of the deployment; absent or empty: as callers reach it. */
  publicUrl?: string;
  /** Absent: those of the API. */
  rows?: readonly RongcloudRow[];
  onAnswer?(status: number): void;
  onRefused?(code: string): void;
  /** An error nobody foresaw; the caller is told `requestId` and nothing else. */
  onFailure?(error: unknown, requestId: string): void;
  /** What is used of a rate could not be looked up; the call went on. */
  onRateError?(error: unknown): void;
}

interface Route {
  row: RongcloudRow;
  method: string;
  parse(raw: RawParams): Record<string, unknown>;
}

const bodyMilliseconds = 10_000;

/** Caller's own where it is one: up to 36 characters that may stand in a header. */
const requestIdOf = (request: Request): string => {
  const given = request.headers.get("x-request-id") ?? request.headers.get("rc-request-id") ?? "";
  return /^[\w.:-]{1,36}$/.test(given) ? given : randomUUID().replaceAll("-", "");
};

const routesOf = (rows: readonly RongcloudRow[]): Map<string, Route> => {
  const routes = new Map<string, Route>();
  for (const row of rows) {
    const route = { row, method: row.method ?? "POST", parse: compileRow(row) };
    for (const path of [row.path, ...(row.aliases ?? [])]) {
      if (routes.has(path)) throw new Error(`two rows answer ${path}`);
      routes.set(path, route);
    }
  }
  return routes;
};

const contextOf = (request: Request, url: URL, publicUrl = ""): CallContext => {
  if (publicUrl !== "") return { host: new URL(publicUrl).host, origin: publicUrl };
  const host = request.headers.get("host") ?? url.host;
  return { host, origin: `${url.protocol}//${host}` };
};

export function createRongcloudHandler(options: RongcloudOptions): Handler {
  const rows = options.rows ?? rongcloudRows;
  const routes = routesOf(rows);
  const used = new UsedNonces();
  const { rateFactor, nodes = () => 1, onRateError: onError } = options;
  const rates = new RateLimits(rows, rateFactor, { nodes, ...(onError && { onError }) });
  const limits = { bytes: options.bodyBytes, milliseconds: bodyMilliseconds };

  const answer = async (request: Request, url: URL, route: Route | undefined, address: string) => {
    if (route === undefined) throw new RongcloudRefusal(404);
    if (route.method !== request.method) throw new RongcloudRefusal(405);
    const core: Core = authenticate(options.apps, used, request);
    if (!isAllowedAddress(core.settings.allowedAddresses, address)) throw new RongcloudRefusal(1007);
    const sent = route.method === "GET" ? decodeQuery(url) : await decodeBody(request, limits);
    const params = route.parse(sent);
    await rates.take(core, route.row, params);
    const result = await route.row.run(core, params as never, contextOf(request, url, options.publicUrl));
    return { code: 200, ...result };
  };

  return async (request, address) => {
    const url = new URL(request.url);
    const route = routes.get(url.pathname);
    // Others' paths are not answered for, unless the caller speaks this dialect.
    const isOurs = request.headers.has("app-key") || request.headers.has("rc-app-key");
    if (route === undefined && !isOurs) return null;
    const requestId = requestIdOf(request);
    let [status, body]: [number, object] = [200, {}];
    try {
      body = await answer(request, url, route, address ?? "");
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) options.onFailure?.(error, requestId);
      const {
        code,
        message,
        more,
        status: refused,
      } = refusal ?? {
        status: 500,
        code: 1000,
        message: "Internal error, please try again later.",
      };
      status = refused;
      body = { code, errorMessage: message, url: url.pathname, ...more };
      options.onRefused?.(`rongcloud ${code}`);
    }
    options.onAnswer?.(status);
    const encoded = await encodeBody(request.headers.get("accept-encoding"), JSON.stringify(body));
    return new Response(encoded.body, {
      status,
      headers: {
        ...encoded.headers,
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        "x-request-id": requestId,
        ...(status === 429 && { "retry-after": "1" }),
      },
    });
  };
}
