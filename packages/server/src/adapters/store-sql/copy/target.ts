/** The PostgreSQL database that is copied to: whether it may be, and statements that are safe to run again. */

import { migrations } from "../migrations/migrate.ts";
import { type Connection, Connections } from "../postgres/connections.ts";
import { describeFailure } from "../postgres/failures.ts";
import { migrateDatabase } from "../postgres/migrate-database.ts";
import { keepMonths } from "../postgres/months.ts";
import { retrying } from "../postgres/retry.ts";

const STATEMENT_TIMEOUT_MS = 600_000;
const CONNECT_TIMEOUT_MS = 5000;
/** While PostgreSQL is away, statements are run again for as long. */
const PATIENCE_MS = 30_000;
const CONNECTIONS = 6;

/** Any number that no other lock on the same database has. */
const LOCK = 72_752_624;
/** PostgreSQL may take a moment to notice that an earlier run was killed. */
const LOCK_PATIENCE_MS = 15_000;
const PAUSE_MS = 200;

/** Nodes call themselves `parlance`; these connections must not be taken for one. */
const named = (url: string): string => {
  const address = new URL(url);
  address.searchParams.set("application_name", "parlance migrate");
  return address.href;
};

const placeOf = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
};

export class Target {
  readonly #connections: Connections;
  readonly #place: string;

  constructor(url: string) {
    this.#place = placeOf(url);
    this.#connections = new Connections({
      url: named(url),
      max: CONNECTIONS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      // Whatever the server's default: a crash that took back what was stored would leave a hole in the middle of a log.
      session: ["synchronous_commit=on"],
      onFailure: () => {},
    });
  }

  /** Makes the tables. Throws a sentence when that can't be. */
  async makeTables(): Promise<void> {
    await this.#explained(() => migrateDatabase(this.#connections));
  }

  /** Makes the log's partitions for messages of these times. */
  makeMonths(times: readonly number[]): Promise<void> {
    return this.#repeatable((connection) => keepMonths(connection, times));
  }

  /** Throws a sentence when the database cannot be reached. */
  async reach(): Promise<void> {
    await this.#explained(() => this.#connections.use((connection) => connection.rows("select 1", [])));
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  /** Runs `work` while no other migration copies to this database. Throws a sentence when one does. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#connections.use(async (connection) => {
      const deadline = performance.now() + LOCK_PATIENCE_MS;
      for (;;) {
        const [row] = await connection.rows<[boolean]>("select pg_try_advisory_lock($1)", [LOCK]);
        if (row?.[0]) break;
        if (performance.now() > deadline)
          throw new Error(`Another migration copies to ${this.#place} at this moment.`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      try {
        return await work();
      } finally {
        if (connection.failure === undefined) await connection.rows("select pg_advisory_unlock($1)", [LOCK]);
      }
    });
  }

  /** Must be safe to repeat: it is run again when its connection is lost. */
  rows<Result extends unknown[]>(text: string, ...values: unknown[]): Promise<Result[]> {
    return this.#repeatable((connection) =>
      connection.rows<unknown[]>(text, values),
    ) as Promise<unknown> as Promise<Result[]>;
  }

  async number(text: string, ...values: unknown[]): Promise<number> {
    return Number((await this.rows(text, ...values))[0]?.[0] ?? 0);
  }

  /** All statements or none. They must be safe to repeat. */
  transaction(work: (connection: Connection) => Promise<void>): Promise<void> {
    return this.#repeatable(async (connection) => {
      await connection.rows("begin", []);
      try {
        await work(connection);
        await connection.rows("commit", []);
      } catch (error) {
        if (connection.failure === undefined) await connection.rows("rollback", []);
        throw error;
      }
    });
  }

  /** Numbers about the copy itself, kept in the target from run to run. */
  note(name: string): Promise<number> {
    return this.number("select value from meta where name = $1", name);
  }

  async keep(name: string, value: number): Promise<void> {
    const put = "insert into meta values ($1, $2) on conflict (name) do update set value = excluded.value";
    await this.rows(put, name, value);
  }

  /**
   * Throws a sentence unless this is an empty database, or a copy of the installation of that birth that nobody has
   * used yet; `clock` is the last time that the source gave. Changes nothing.
   */
  async inspect(birth: number, clock: number): Promise<"empty" | "copy"> {
    const refuse = (why: string): never => {
      throw new Error(`${this.#place} ${why}`);
    };
    if ((await this.number("select count(to_regclass('migrations'))")) === 0) return "empty";
    const version = await this.number("select max(version) from migrations");
    if (version > migrations.length)
      refuse(`is of a newer Parlance (version ${version}; this program knows ${migrations.length}).`);
    const servers = await this.number(
      "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'parlance'",
    );
    if (servers > 0) refuse("is used by a running Parlance. Stop it first; nodes start after the last run.");
    const [[apps, messages] = [0, 0]] = await this.rows<[number, number]>(
      "select (select count(*) from apps), (select count(*) from (select 1 from messages limit 1) m)",
    );
    if (apps === 0 && messages === 0) return "empty";
    if ((await this.note(COPIED_FROM)) !== birth)
      refuse(`has data of another installation (${apps} apps). Name an empty database with --to.`);
    if (await this.#wasUsed(clock))
      refuse(
        "was written to by a server since it was copied to, and another copy would undo that. If that server was " +
          "only a trial, make the database anew and start over.",
      );
    return "copy";
  }

  /**
   * From now on this is a copy of the installation of that birth. Traces of a server that has been here, while there was
   * nothing to serve, must not look like use of the copy later.
   */
  async claim(birth: number): Promise<void> {
    if ((await this.note(COPIED_FROM)) === birth) return;
    await this.transaction(async (connection) => {
      await connection.rows("delete from commits", []);
      await connection.rows("select setval('ticks', 1, false)", []);
    });
    await this.keep(COPIED_FROM, birth);
  }

  /**
   * What neither the copy itself nor a server without clients ever does: take ticks, note commits, or have later times
   * than the source.
   */
  async #wasUsed(clock: number): Promise<boolean> {
    const query = `select (select is_called from ticks) or exists (select from commits)
      or exists (select from conversations where last_sent_at > $1 or id > $1)`;
    return (await this.rows<[boolean]>(query, clock))[0]?.[0] === true;
  }

  async #explained(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw new Error(`Cannot open the database ${this.#place}: ${describeFailure(error)}`);
    }
  }

  #repeatable<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return retrying(performance.now() + PATIENCE_MS, () => this.#connections.use(work));
  }
}

const COPIED_FROM = "copied_from";
/** Messages up to this time were compared. */
export const COMPARED_UP_TO = "copied_and_compared_up_to";
