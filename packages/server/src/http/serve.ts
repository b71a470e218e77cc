/**
 * Turns a table of endpoint rows into the function that answers requests. In this order, so that each step protects
 * the next: route, authenticate, rate, body, decode, validate, run.
 */

import { randomUUID } from "node:crypto";
import { ParlanceError } from "../errors.ts";
import { decodeBody, decodeQuery } from "./decode.ts";
import type { Endpoint } from "./endpoint.ts";
import type { RawParams } from "./raw-value.ts";
import { createRouter } from "./route.ts";
import { createRateLimit } from "./token-bucket.ts";
import { compileParams } from "./validate.ts";

export interface HandlerOptions<Caller> {
  /** Without a trailing slash, e.g. `/server-to-server/v1`. */
  prefix: string;
  rows: readonly Endpoint<Caller>[];
  /** Throws `ParlanceError` for those who may not call. */
  authenticate(request: Request): Caller | Promise<Caller>;
  /** Callers with the same text share a rate, e.g. the app's key. */
  identify(caller: Caller): string;
  /** The refusal in the dialect's words. `error.details.fields` names wrong parameters, a list of sentences each. */
  encodeError(error: ParlanceError): { status: number; body: unknown };
  limits: {
    bodyBytes: number;
    /** Calls per second and caller, for rows that name no rate of their own. */
    perSecond: number;
    /** Milliseconds a body may take to arrive; 10,000 if absent. */
    bodyMilliseconds?: number;
  };
  /** Called with every answer's status. */
  onAnswer?(status: number): void;
  onRefused?(code: ParlanceError["code"]): void;
  /** An error nobody foresaw; the caller is told `requestId` and nothing else. */
  onFailure?(error: unknown, requestId: string): void;
  /** Milliseconds that never go back. */
  now?(): number;
}

/** Resolves to null for paths that are not its own; never rejects. `address` is the caller's. */
export type Handler = (request: Request, address?: string) => Promise<Response | null>;

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  status === 204
    ? new Response(null, { status, headers })
    : new Response(JSON.stringify(body ?? {}), {
        status,
        headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
      });

/** The answer's headers that a refusal brings along: `retryAfter` and `allow` of its details. */
const refusalHeaders = (error: ParlanceError): Record<string, string> => {
  const headers: Record<string, string> = {};
  const { retryAfter, allow, requestId } = error.details;
  if (typeof retryAfter === "number") headers["retry-after"] = String(retryAfter);
  if (typeof allow === "string") headers.allow = allow;
  if (typeof requestId === "string") headers["x-request-id"] = requestId;
  // What is left of a refused body is not worth reading.
  if (error.code === "bodyTooLarge") headers.connection = "close";
  return headers;
};

const readParams = async (
  request: Request,
  url: URL,
  pathParams: ReadonlyMap<string, string>,
  body: { bytes: number; milliseconds: number },
): Promise<RawParams> => {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const query = request.method === "POST" ? [] : decodeQuery(url);
  const sent = isRead ? [] : await decodeBody(request, body);
  return new Map([...query, ...sent, ...pathParams]);
};

export const createHandler = <Caller>(options: HandlerOptions<Caller>): Handler => {
  const { prefix, limits } = options;
  const router = createRouter(
    options.rows.map((row, index) => ({ ...row, endpoint: row, index, parse: compileParams(row.params) })),
  );
  const rateLimit = createRateLimit(undefined, options.now);
  const body = { bytes: limits.bodyBytes, milliseconds: limits.bodyMilliseconds ?? 10_000 };

  const answer = async (request: Request, url: URL, path: string): Promise<Response> => {
    const match = router.find(request.method, path);
    if (match.kind === "notFound") throw new ParlanceError("notFound");
    if (match.kind === "otherMethod") {
      if (request.method === "OPTIONS")
        return new Response(null, { status: 204, headers: { allow: match.allow } });
      throw new ParlanceError("methodNotAllowed", { allow: match.allow });
    }
    const { endpoint, index, parse } = match.row;
    const caller = await options.authenticate(request);
    const bucket = endpoint.perSecond === undefined ? "" : String(index);
    const retryAfter = rateLimit.take(
      `${bucket} ${options.identify(caller)}`,
      endpoint.perSecond ?? limits.perSecond,
    );
    if (retryAfter > 0) throw new ParlanceError("tooManyRequests", { retryAfter });
    const params = parse(await readParams(request, url, match.pathParams, body));
    const result = await endpoint.run(caller, params);
    const response = json(endpoint.status, result);
    return request.method === "HEAD" ? new Response(null, response) : response;
  };

  const refuse = (error: unknown): Response => {
    let refusal: ParlanceError;
    if (error instanceof ParlanceError) refusal = error;
    else {
      const requestId = randomUUID();
      options.onFailure?.(error, requestId);
      refusal = new ParlanceError("internal", { requestId });
    }
    options.onRefused?.(refusal.code);
    const { status, body } = options.encodeError(refusal);
    return json(status, body, refusalHeaders(refusal));
  };

  return async (request) => {
    const url = new URL(request.url);
    if (url.pathname !== prefix && !url.pathname.startsWith(`${prefix}/`)) return null;
    const response = await answer(request, url, url.pathname.slice(prefix.length)).catch(refuse);
    options.onAnswer?.(response.status);
    return response;
  };
};
