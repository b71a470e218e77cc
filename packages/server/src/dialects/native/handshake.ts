/** Who connects, and in which form of the protocol: found out before the upgrade. */

import {
  type CodecName,
  errorBodyOf,
  platformPattern,
  subprotocols,
  tokenSubprotocol,
} from "@parlance/protocol";
import type { AppRegistry } from "../../core/apps/app-registry.ts";
import { findLogin } from "../../core/sessions/find-login.ts";
import type { Visitor } from "../../gateway/socket-dialect.ts";
import { Dismissal } from "../../ports/transport.ts";
import { closeCode, closeNameOf, closeText, errorBody, nameOf, Refusal, statusOf } from "./refusal.ts";

export interface Offer {
  codec: CodecName;
  /** What the server agrees to; null: the client offered nothing. */
  subprotocol: string | null;
  token: string | null;
  /** Which device it is; null: the client doesn't say. */
  device: string | null;
  /** What kind of device it is; undefined where the client told none, or none that may be. */
  platform: string | undefined;
  /** The token came as a subprotocol: a browser, which would not show its user how a refused upgrade was answered. */
  isFromBrowser: boolean;
}

/** The header wins over the query, and the query over a subprotocol. Throws `unsupportedProtocol`. */
export function readOffer(request: Request): Offer {
  const offered = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
  const carried = offered.find((name) => name.startsWith(tokenSubprotocol));
  const [, bearer] = /^Bearer +(\S+)\s*$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const query = new URL(request.url).searchParams;
  const outright = bearer || query.get("token");
  const platform = query.get("platform") ?? "";
  const known = chosen(offered);
  const isEmpty = offered.every((name) => name === "" || name === carried);
  if (!known && !isEmpty) throw new Refusal("unsupportedProtocol");
  return {
    codec: known ?? "json",
    subprotocol: known ? subprotocols[known] : null,
    device: query.get("device"),
    token: outright || (carried ? decode(carried.slice(tokenSubprotocol.length)) : null),
    // Nobody is kept out for what others see of the device.
    platform: isPlatform.test(platform) ? platform : undefined,
    isFromBrowser: carried !== undefined && !outright,
  };
}

const isPlatform = new RegExp(platformPattern);

/** The client's first choice among ours. */
function chosen(offered: readonly string[]): CodecName | undefined {
  for (const name of offered)
    for (const codec of ["json", "msgpack"] as const) if (subprotocols[codec] === name) return codec;
  return undefined;
}

const decode = (base64url: string): string => Buffer.from(base64url, "base64url").toString();

/** Throws `unauthorized`, and what `findLogin` throws. */
export async function identify(apps: AppRegistry, { token, device, platform }: Offer): Promise<Visitor> {
  if (token === null) throw new Refusal("unauthorized");
  const login = await findLogin(apps, token, device);
  return { ...login, ...(platform !== undefined && { platform }) };
}

/** An HTTP answer; to a browser an upgrade and a close that say the same. */
export function refuse(error: unknown, request: Request): Response | Dismissal {
  const name = nameOf(error);
  const offer = name === "unsupportedProtocol" ? null : readOffer(request);
  if (offer?.isFromBrowser) {
    const close = closeNameOf(name);
    return new Dismissal(closeCode(close), closeText(close), offer.subprotocol);
  }
  const body = name === "internal" ? errorBodyOf("internal") : errorBody(error);
  const headers = body.isRetryable ? { "retry-after": "1" } : undefined;
  return Response.json({ error: body }, { status: statusOf(name), ...(headers && { headers }) });
}
