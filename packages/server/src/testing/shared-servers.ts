/**
 * One PostgreSQL and one NATS for all tests of a process that only use them: they start with the first who asks, and end
 * with the process. Who kills, cuts or fills them starts their own. Imported by tests only.
 */

import { atEnd } from "./at-end.ts";
import { type NatsServer, startNatsServer } from "./nats-server.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";

let postgres: Promise<PostgresServer> | null = null;
let nats: Promise<NatsServer> | null = null;

/** Ask it for a database of your own. */
export function sharedPostgres(): Promise<PostgresServer> {
  if (postgres) return postgres;
  const started = startPostgres();
  postgres = started;
  atEnd(async () => {
    postgres = null;
    await (await started).stop();
  });
  return started;
}

/** Subjects of the bus carry the app's number, so do not have two installations on it at once. */
export function sharedNats(): Promise<NatsServer> {
  if (nats) return nats;
  const started = startNatsServer();
  nats = started;
  atEnd(async () => {
    nats = null;
    await (await started).close();
  });
  return started;
}
