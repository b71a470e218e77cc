import { connect, errors, type NatsConnection } from "@nats-io/transport-node";
import { parseNatsUrl } from "../../config.ts";

/** NATS can't be reached or refuses us; the message says which servers, and never a password. */
export class BusNotOpened extends Error {}

/** One attempt to reach one server. */
const dialMilliseconds = 2000;
const retryMilliseconds = 250;

/** The client's own check for a stalled connection; `session.ts` has a better one. */
const never = 2 ** 30;

export interface NatsAddress {
  /** For sentences: `host:port`, without credentials. */
  readonly where: string;
  /** Tries every server once, in random order. */
  dial(): Promise<NatsConnection>;
}

/** `name` is what NATS shows in its list of connections. */
export function natsAddress(url: string, name: string): NatsAddress {
  const { servers, user, password, isTls } = parseNatsUrl(url);
  const dial = () =>
    connect({
      servers: [...servers],
      ...(user !== undefined && password !== undefined ? { user, pass: password } : {}),
      ...(user !== undefined && password === undefined ? { token: user } : {}),
      ...(isTls ? { tls: {} } : {}),
      name,
      noEcho: true,
      timeout: dialMilliseconds,
      pingInterval: never,
      reconnect: false,
      // The settings name the servers; what a server advertises is often not reachable from here.
      ignoreClusterUpdates: true,
    });
  return { where: servers.join(", "), dial };
}

/** The first connection, tried for so long; `BusNotOpened` when there is none by then. */
export async function dialAtStart(address: NatsAddress, milliseconds: number): Promise<NatsConnection> {
  const deadline = performance.now() + milliseconds;
  let problem: unknown;
  for (;;) {
    try {
      return await within(address.dial(), deadline - performance.now());
    } catch (error) {
      // The last attempt may have had no time; what the one before it met says more.
      if (!(error instanceof TooLate && problem)) problem = error;
    }
    if (problem instanceof errors.AuthorizationError)
      throw new BusNotOpened(`NATS at ${address.where} refuses the user or password.`);
    if (performance.now() + retryMilliseconds >= deadline)
      throw new BusNotOpened(`NATS at ${address.where} cannot be reached: ${reason(problem)}.`);
    await new Promise((go) => setTimeout(go, retryMilliseconds));
  }
}

class TooLate extends Error {}

export const reason = (problem: unknown): string =>
  (problem instanceof Error ? problem.message : String(problem)).replace(/\.$/, "");

/** Several servers that do not answer could take longer than we want to wait. */
function within(connecting: Promise<NatsConnection>, milliseconds: number): Promise<NatsConnection> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(new TooLate("no answer"));
    }, milliseconds);
    connecting.then(
      (connection) => {
        clearTimeout(timer);
        if (isLate) void connection.close();
        else resolve(connection);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
