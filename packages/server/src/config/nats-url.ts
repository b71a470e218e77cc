/** The address of NATS servers as people write it: `nats://[user:password@]host:port[,host:port…]`. */

import { type Setting, WrongValue } from "./setting.ts";

export interface NatsServers {
  /** `host:port` each; any of them will do. */
  readonly servers: readonly string[];
  readonly user?: string;
  /** A user without a password is a token. */
  readonly password?: string;
  /** `tls://`: no connection without encryption. With `nats://` the server decides. */
  readonly isTls: boolean;
}

const shape = /^(nats|tls):\/\/(?:([^@/]*)@)?([^@/]+)\/?$/;
const hostAndPort = /^(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?$/;
const maxServers = 16;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new WrongValue("the user and password must be percent-encoded");
  }
};

/** Throws `WrongValue`, which never quotes a password. */
export const parseNatsUrl = (text: string): NatsServers => {
  const match = shape.exec(text);
  if (!match) throw new WrongValue();
  const [, scheme, credentials, hosts = ""] = match;
  const servers = hosts.split(",").map((host) => {
    const port = hostAndPort.exec(host);
    if (!port || Number(port[1] ?? 4222) > 65_535 || Number(port[1] ?? 4222) === 0) throw new WrongValue();
    return port[1] === undefined ? `${host}:4222` : host;
  });
  if (servers.length > maxServers) throw new WrongValue(`must name at most ${maxServers} servers`);
  const [user, ...password] = (credentials ?? "").split(":");
  return {
    servers,
    ...(user ? { user: decoded(user) } : {}),
    ...(user && password.length > 0 ? { password: decoded(password.join(":")) } : {}),
    isTls: scheme === "tls",
  };
};

/** `local`, or the address as it was written, which is known to be right. */
export const busAddress = (row: Pick<Setting<unknown>, "env" | "sentence">): Setting<string> => ({
  ...row,
  fallback: "local",
  isSecret: true,
  allowed: "local or nats://[user:password@]host:port[,host:port…]",
  parse: (text) => {
    if (text !== "local") parseNatsUrl(text);
    return text;
  },
});
