/**
 * A process that holds one PostgreSQL and one NATS for one run, and takes them away when whoever started it is gone, in
 * whatever way. It says `Backing` once, when both are ready.
 */

import { findServers } from "../../../faults/src/testing/servers.ts";
import { freePort } from "../../../server/src/testing/free-port.ts";
import { startNatsServer } from "../../../server/src/testing/nats-server.ts";
import { startPostgres } from "../../../server/src/testing/postgres-server.ts";
import type { Backing } from "../servers/backing.ts";

let isLeft = false;
const left = new Promise<void>((resolve) => {
  process.on("disconnect", () => {
    isLeft = true;
    resolve();
  });
});
// Ctrl-C reaches the whole group; who started this decides the order of ending.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

await findServers();
const monitor = await freePort();
const [postgres, nats] = await Promise.all([
  startPostgres(),
  startNatsServer({ args: ["-m", String(monitor)] }),
]);
if (!isLeft) {
  const store = postgres.url(await postgres.createDatabase());
  process.send?.({ store, bus: nats.url, monitor } satisfies Backing);
  await left;
}
await Promise.all([postgres.stop(), nats.close()]);
process.exit(0);
