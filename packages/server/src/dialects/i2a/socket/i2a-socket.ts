import type { AppRegistry } from "../../../core/apps/app-registry.ts";
import { findLogin } from "../../../core/sessions/find-login.ts";
import { ParlanceError } from "../../../errors.ts";
import type { CloseReason } from "../../../gateway/close-reasons.ts";
import type { Connection } from "../../../gateway/connection.ts";
import type { SocketDialect } from "../../../gateway/socket-dialect.ts";
import {
  errorFrameFor,
  FatalFrameError,
  FrameError,
  isOutcomeUnknown,
  tooManyFramesFrame,
} from "./error-frames.ts";
import { isSeenOtherwise, liveFrames } from "./live-frames.ts";
import { parseFrame } from "./parse-frame.ts";
import { requests } from "./requests.ts";

export interface I2aSocketOptions {
  apps: AppRegistry;
  onError(error: unknown): void;
  onRefused(code: string): void;
}

/** I2A's socket: JSON requests matched by type, live frames to every device of every member. */
export function createI2aSocket(options: I2aSocketOptions): SocketDialect {
  return {
    name: "i2a",
    matches: (path) => path === "/socket" || path === "/socket/",
    identify: (request) => identify(options.apps, request),
    refuse: (error) => refuse(options, error),
    receive: (connection, frame) => receive(options, connection, frame),
    encode: liveFrames,
    isSeenOtherwise,
    lastFrames: (reason) => (reason === "tooManyFrames" ? [tooManyFramesFrame] : []),
    // Stock clients come back after every code but 1000, and would throw out the device that replaced them.
    farewell: (reason) => {
      const text = forGood[reason];
      return text === undefined ? undefined : { code: 1000, text };
    },
  };
}

const forGood: Partial<Record<CloseReason, string>> = {
  replaced: "the same device connected again",
  userBlocked: "the user is blocked for a time",
  userDeactivated: "the user is deactivated",
};

/** The header wins over the query. */
async function identify(apps: AppRegistry, request: Request) {
  const query = new URL(request.url).searchParams;
  const token = request.headers.get("x-token") ?? query.get("token");
  if (!token) throw new ParlanceError("notFound");
  return findLogin(apps, token, query.get("device"));
}

const tooManyOnline = {
  status: 400,
  text: "Connection refused: exceeded max concurrent online users limit for the application.",
};

/** Plain text before the upgrade, with the statuses that the real service gives. */
const refusals: Partial<Record<string, { status: number; text: string }>> = {
  notFound: { status: 404, text: "X-TOKEN header or parameter: token is not present." },
  sessionNotFound: { status: 403, text: "X-TOKEN is invalid or expired. Get a new token." },
  tokenExpired: { status: 403, text: "X-TOKEN is invalid or expired. Get a new token." },
  userBlocked: { status: 403, text: "The user is blocked for a time." },
  userDeactivated: { status: 403, text: "The user is deactivated." },
  tooManyOnline,
  // Stock clients know no other word for it.
  appInactive: tooManyOnline,
};

function refuse(options: I2aSocketOptions, error: unknown): Response {
  const code = error instanceof ParlanceError ? error.code : "internal";
  options.onRefused(code);
  if (code === "internal") options.onError(error);
  const refusal = refusals[code];
  if (refusal) return new Response(refusal.text, { status: refusal.status });
  return new Response("The service can't take connections now. Try again soon.", {
    status: 503,
    headers: { "retry-after": "1" },
  });
}

function receive(
  options: I2aSocketOptions,
  connection: Connection,
  data: string | Uint8Array,
): Promise<void> | undefined {
  try {
    const frame = parseFrame(data);
    const handler = Object.hasOwn(requests, frame.type) ? requests[frame.type] : undefined;
    if (!handler) throw new FatalFrameError("KeyError", "The type of the frame is unknown.");
    return handler(connection, frame)?.catch((error) => fail(options, connection, error));
  } catch (error) {
    fail(options, connection, error);
    return undefined;
  }
}

function fail(options: I2aSocketOptions, connection: Connection, error: unknown): void {
  options.onRefused(refusalCode(error));
  if (isOutcomeUnknown(error)) {
    connection.dropInbox();
    connection.close("outcomeUnknown");
    return;
  }
  connection.send(errorFrameFor(error));
  if (error instanceof FrameError || (error instanceof ParlanceError && error.code !== "internal")) return;
  if (!(error instanceof FatalFrameError)) options.onError(error);
  connection.dropInbox();
  void connection.closeInOrder("invalidFrame");
}

function refusalCode(error: unknown): string {
  if (error instanceof FrameError) return String(error.code);
  return error instanceof ParlanceError ? error.code : "10000";
}
