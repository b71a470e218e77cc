import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Db, Schema } from "../schema.ts";
import { kindOf } from "./failures.ts";

export interface ConnectionLimits {
  /** PostgreSQL ends a statement that takes longer. */
  statementTimeoutMs: number;
  connectTimeoutMs: number;
}

export interface ConnectionsOptions extends ConnectionLimits {
  url: string;
  /** Most connections at once. */
  max: number;
  /** Further settings of each session, as `name=value`. */
  session?: readonly string[];
  /** A connection that nobody used was lost. */
  onFailure(error: Error): void;
}

/** How much longer than PostgreSQL's own limit we wait for it: only a server or a network that is gone takes that long. */
const GRACE_MS = 2000;
/** A transaction in which we are silent for so long is ended, so that a paused node holds no locks. */
const SILENCE_MS = 5000;
const CLOSE_MS = 2000;

/**
 * Whatever the database's own defaults are. Every statement here waits for rows that others change and goes on with what
 * they became, which is how `read committed` works; and none is worth compiling: they take less time than that does.
 */
const everySession = ["default_transaction_isolation=read\\ committed", "jit=off"];

const INT8 = 20;
/** All our long integers are safe ones. For our connections alone: others in this process may think otherwise. */
const types = {
  getTypeParser: ((id: number, format?: "text" | "binary") =>
    id === INT8 && format !== "binary"
      ? Number
      : pg.types.getTypeParser(id, format as "text")) as typeof pg.types.getTypeParser,
};

/** A connection that is in use. One whose network or protocol failed is not used again. */
export class Connection {
  readonly #client: pg.PoolClient;
  readonly db: Db;
  #failure: Error | undefined;

  constructor(client: pg.PoolClient, db: Db) {
    this.#client = client;
    this.db = db;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Rows as arrays of their columns. With a name the statement is prepared once for each connection. */
  async rows<Row extends unknown[]>(text: string, values: unknown[], name?: string): Promise<Row[]> {
    const query = { text, values, rowMode: "array" as const, ...(name === undefined ? {} : { name }) };
    return (await this.watch(() => this.#client.query<Row>(query))).rows;
  }

  /** Several statements at once, without values. Returns each one's result. */
  async script(text: string): Promise<pg.QueryResult[]> {
    const results: unknown = await this.watch(() => this.#client.query(text));
    return Array.isArray(results) ? results : [results as pg.QueryResult];
  }

  async watch<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      if (kindOf(error) === "connection") this.#failure = error as Error;
      throw error;
    }
  }
}

/** A bounded pool. Connections are made when they are needed, and again after they were lost. */
export class Connections {
  readonly #pool: pg.Pool;
  /** Kysely on one connection each, kept as long as it lives. */
  readonly #databases = new WeakMap<pg.PoolClient, { db: Db; current: { connection?: Connection } }>();
  /** Clients that were made before one was lost in use: what befell it may have befallen them, unnoticed. */
  readonly #suspects = new WeakSet<pg.PoolClient>();
  readonly #clients = new Set<pg.PoolClient>();

  constructor({
    url,
    max,
    statementTimeoutMs,
    connectTimeoutMs,
    session = [],
    onFailure,
  }: ConnectionsOptions) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max,
      types,
      application_name: "parlance",
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + GRACE_MS,
      idle_in_transaction_session_timeout: SILENCE_MS,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      idleTimeoutMillis: 60_000,
      options: [...everySession, ...session].map((setting) => `-c ${setting}`).join(" "),
    });
    this.#pool.on("error", onFailure);
    // A client that is in use tells the call it serves; without a listener its event would end the process.
    this.#pool.on("connect", (client) => {
      client.on("error", () => {});
      this.#clients.add(client);
    });
    this.#pool.on("remove", (client) => this.#clients.delete(client as pg.PoolClient));
  }

  async use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const client = await this.#connect();
    const { db, current } = this.#databaseOf(client);
    const connection = new Connection(client, db);
    current.connection = connection;
    try {
      return await work(connection);
    } finally {
      delete current.connection;
      if (connection.failure !== undefined) for (const known of this.#clients) this.#suspects.add(known);
      client.release(connection.failure);
    }
  }

  /** To be called when nothing is in use. Does not wait for a server that does not answer. */
  async close(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#pool.end(), patience]);
    clearTimeout(timer);
  }

  /** A silent network takes a statement's whole time limit to show: who tries again must not meet it once more. */
  async #connect(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.#pool.connect();
      if (!this.#suspects.has(client)) return client;
      client.release(true);
    }
  }

  #databaseOf(client: pg.PoolClient) {
    let known = this.#databases.get(client);
    if (known === undefined) {
      const current: { connection?: Connection } = {};
      const query = (text: string, values: unknown[]) => {
        const run = () => client.query(text, values);
        return current.connection?.watch(run) ?? run();
      };
      const lent = { query, release: () => {} };
      // Kysely asks for a pool; this one always gives the connection that is in use anyway.
      const pool = { connect: async () => lent, end: async () => {} };
      const db = new Kysely<Schema>({
        dialect: new PostgresDialect({
          pool: pool as unknown as ConstructorParameters<typeof PostgresDialect>[0]["pool"] & object,
        }),
      });
      known = { db, current };
      this.#databases.set(client, known);
    }
    return known;
  }
}
