/** Can the server listen where the settings say, or does one listen there already? */

import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Config } from "../../config.ts";
import { type Finding, fail, ok, warn } from "./check.ts";

type Address = Pick<Config, "host" | "port">;

/** Null: it could listen. Otherwise the system's code for why not. */
const tryListen = ({ host, port }: Address): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });

const wildcards: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };

/** A Parlance says so at /healthz; anything else is somebody else. */
const isParlance = async ({ host, port }: Address): Promise<boolean> => {
  const name = wildcards[host] ?? (host.includes(":") ? `[${host}]` : host);
  try {
    const response = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(2000) });
    const body = (await response.json()) as { service?: unknown } | null;
    return response.ok && body?.service === "parlance";
  } catch {
    return false;
  }
};

export const checkPort = async (config: Address): Promise<Finding> => {
  const { host, port } = config;
  if (port === 0) return ok("Any free port is taken at the start.");
  const choose = "Set PARLANCE_PORT to another port.";
  const code = await tryListen(config);
  switch (code) {
    case null:
      return ok(`Port ${port} is free on ${host}.`);
    case "EADDRINUSE":
      return (await isParlance(config))
        ? ok(`A Parlance answers on port ${port}.`)
        : fail(`Something else listens on port ${port}.`, choose);
    case "EACCES":
      return fail(`This user may not listen on port ${port}.`, choose);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return fail(
        `This machine does not have the address ${host}.`,
        "Set PARLANCE_HOST to one it has, or 0.0.0.0.",
      );
    default:
      return fail(`Listening on ${host}, port ${port} fails: ${code}.`, choose);
  }
};

const readRange = (): { from: number; to: number } | null => {
  try {
    const [from, to] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8")
      .trim()
      .split(/\s+/)
      .map(Number);
    return from !== undefined && to !== undefined ? { from, to } : null;
  } catch {
    return null;
  }
};

/** Outgoing connections take ports from this range: a proxy's to us, and now and then the one we want to listen on. */
export const checkEphemeralPorts = ({ port }: Pick<Config, "port">): Finding => {
  const range = readRange();
  if (range === null) return ok("This system does not tell its range of outgoing ports.");
  const count = (range.to - range.from + 1).toLocaleString("en-US");
  const text = `Outgoing connections use ports ${range.from} to ${range.to}: a proxy here carries ${count} clients per address.`;
  if (port >= range.from && port <= range.to)
    return warn(
      `Port ${port} lies among those of outgoing connections (${range.from} to ${range.to}).`,
      "One of them may hold it at a restart; set PARLANCE_PORT below that range.",
    );
  const widen =
    "Widen it with `sysctl net.ipv4.ip_local_port_range='1024 65535'`, or give the proxy several addresses.";
  return range.to - range.from < 20_000 ? warn(text, widen) : ok(text);
};
