/** Makes what is stored older than it is. Imported by tests only. */

import { DatabaseSync } from "node:sqlite";
import type { OpenedStore } from "../../../ports/store.contract.ts";
import { type Connection, Connections } from "../postgres/connections.ts";
import { keepMonths } from "../postgres/months.ts";

type Aging = Pick<OpenedStore, "age" | "countMessages">;

const count = (appId: number) => {
  const rows = (table: string) => `(select count(*) from ${table} where app_id = ${appId})`;
  return `select ${["messages", "mentions", "recipients", "own_deletions"].map(rows).join(" + ")} as count`;
};

const statements = (appId: number, milliseconds: number): string[] =>
  [
    ["messages", "sent_at"],
    ["messages", "change_of"],
    ["mentions", "sent_at"],
    ["recipients", "sent_at"],
    ["own_deletions", "sent_at"],
    ["conversation_settings", "cleared_up_to"],
    ["read_marks", "sent_at"],
    ["reports", "sent_at"],
    ["conversations", "last_sent_at"],
  ].map(
    ([table, column]) =>
      `update ${table} set ${column} = ${column} - ${milliseconds * 1000} where app_id = ${appId} and ${column} > 0`,
  );

export const agingSqlite = (file: string): Aging => {
  const use = <Result>(work: (database: DatabaseSync) => Result): Result => {
    const database = new DatabaseSync(file);
    try {
      database.exec("PRAGMA busy_timeout=10000");
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    age: async (appId, milliseconds) =>
      use((database) => {
        database.exec("BEGIN IMMEDIATE");
        for (const statement of statements(appId, milliseconds)) database.exec(statement);
        database.exec("COMMIT");
      }),
    countMessages: async (appId) => use((database) => Number(database.prepare(count(appId)).get()?.count)),
  };
};

export const agingPostgres = (
  url: string,
  query: (text: string) => Promise<Record<string, unknown>[]>,
): Aging => ({
  async age(appId, milliseconds) {
    const times = await query(
      `select distinct (sent_at - ${milliseconds * 1000})::float8 as time from messages where app_id = ${appId}`,
    );
    await makeMonths(
      url,
      times.map(({ time }) => Number(time)),
    );
    await query(statements(appId, milliseconds).join(";"));
  },
  countMessages: async (appId) => Number((await query(count(appId)))[0]?.count),
});

/** A connection to the database, for as long as `work` takes. */
export const withConnection = async <Result>(
  url: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> => {
  const limits = { statementTimeoutMs: 10_000, connectTimeoutMs: 10_000 };
  const connections = new Connections({ url, max: 1, ...limits, onFailure() {} });
  try {
    return await connections.use(work);
  } finally {
    await connections.close();
  }
};

/** Partitions for messages of these times. */
export const makeMonths = (url: string, times: readonly number[]): Promise<void> =>
  withConnection(url, (connection) => keepMonths(connection, times));
