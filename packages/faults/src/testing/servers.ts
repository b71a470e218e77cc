/** As `npm test` does: PostgreSQL and nats-server are found, or fetched once, and named to who starts them. */
export async function findServers(): Promise<void> {
  const scripts = new URL("../../../../scripts/", import.meta.url);
  const { findPostgresql } = await import(new URL("postgresql.mjs", scripts).href);
  const { findNatsServer } = await import(new URL("nats-server.mjs", scripts).href);
  const [postgresql, nats] = [findPostgresql(), findNatsServer()];
  if (postgresql) process.env.PARLANCE_POSTGRESQL = postgresql;
  if (nats) process.env.PARLANCE_NATS_SERVER = nats;
}
