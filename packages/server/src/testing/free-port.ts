import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Ports given out by this process: the system may offer one again as soon as it is free. */
const given = new Set<number>();

/**
 * A port of 127.0.0.1 for a server that cannot choose one itself, or that must come back on the same one. It lies below
 * those that the system lends to outgoing connections, so that none of them takes it while the server is away.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port === port;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
