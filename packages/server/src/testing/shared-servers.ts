/**
 * One PostgreSQL and one NATS for all tests of a process that only use them: they start with the first who asks, and end
 * with the process. Who kills, cuts or fills them starts their own. Imported by tests only.
 */

import { type NatsServer, startNatsServer } from "./nats-server.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";

let postgres: Promise<PostgresServer> | null = null;
let nats: Promise<NatsServer> | null = null;

/** Ask it for a database of your own. */
export const sharedPostgres = (): Promise<PostgresServer> => {
  postgres ??= startPostgres();
  return postgres;
};

/** Subjects of the bus carry the app's number, so do not have two installations on it at once. */
export const sharedNats = (): Promise<NatsServer> => {
  nats ??= startNatsServer();
  return nats;
};
