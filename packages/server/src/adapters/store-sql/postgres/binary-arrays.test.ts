import { afterAll, beforeAll, expect, test } from "bun:test";
import pg from "pg";
import { type PostgresServer, startPostgres } from "../../../testing/postgres-server.ts";
import { int4Array, int8Array, textArray } from "./binary-arrays.ts";

let server: PostgresServer;
let client: pg.Client;
beforeAll(async () => {
  server = await startPostgres();
  client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
}, 60_000);
afterAll(async () => {
  await client.end();
  await server.stop();
}, 60_000);

const echo = async (type: string, value: Buffer): Promise<unknown> =>
  (await client.query(`select to_json($1::${type}[]) as value`, [value])).rows[0]?.value;

test("arrive as they were", async () => {
  for (const values of [[], [0], [1, -1, 2 ** 31 - 1, -(2 ** 31)]])
    expect(await echo("int4", int4Array(values))).toEqual(values);
  for (const values of [
    [],
    [0],
    [1, -1, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  ])
    expect(await echo("int8", int8Array(values))).toEqual(values);
  for (const values of [
    [],
    [null],
    [""],
    ["a", null, "", "NULL", '"{,}\\', "Grüße 🙂\n\u2028", "€".repeat(1000), "x".repeat(100_000)],
  ])
    expect(await echo("text", textArray(values))).toEqual(values);
});
