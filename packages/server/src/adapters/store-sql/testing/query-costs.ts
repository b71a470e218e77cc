/** What statements cost PostgreSQL: the rows that they touch. */

import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Connection } from "../postgres/connections.ts";
import type { Db, Schema } from "../schema.ts";

interface Plan {
  "Node Type": string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Rows Removed by Join Filter"?: number;
  "Relation Name"?: string;
  "Index Name"?: string;
  Plans?: Plan[];
}

export interface Cost {
  rows: number;
  /** The nodes of the plan that touched many. */
  scans: string[];
  text: string;
}

/** Rows that scans read and joins compared, those that they threw away included. */
const costOf = (plan: Plan): Omit<Cost, "text"> => {
  const below = (plan.Plans ?? []).map(costOf);
  let rows = (plan["Rows Removed by Join Filter"] ?? 0) * plan["Actual Loops"];
  const scans = rows > 100 ? [`${plan["Node Type"]} of ${rows} pairs`] : [];
  if (plan["Relation Name"] !== undefined || plan["Index Name"] !== undefined) {
    const removed = (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0);
    rows += (plan["Actual Rows"] + removed) * plan["Actual Loops"];
    if (rows > 100)
      scans.push(`${plan["Node Type"]} ${plan["Relation Name"]} ${plan["Index Name"]}: ${rows}`);
  }
  return {
    rows: below.reduce((sum, one) => sum + one.rows, rows),
    scans: [...scans, ...below.flatMap((one) => one.scans)],
  };
};

const isPlanned = (text: string): boolean => /^\s*(select|with|insert|update|delete)\b/i.test(text);

/** A connection that does what it is asked to, and finds out what each statement costs. */
export class CostlyConnection {
  readonly client: pg.Client;
  readonly costs: Cost[] = [];

  constructor(client: pg.Client) {
    this.client = client;
  }

  /** Runs the statement twice: once to see, which is undone, and once to know its rows. */
  async query(text: string, values: unknown[] = [], rowMode?: "array") {
    if (isPlanned(text)) {
      await this.client.query("savepoint look");
      const { rows } = await this.client.query({
        text: `explain (analyze, format json) ${text}`,
        values,
        rowMode: "array",
      });
      const [explained] = JSON.parse(JSON.stringify(rows[0]?.[0])) as { Plan: Plan }[];
      this.costs.push({ ...costOf(explained?.Plan as Plan), text });
      await this.client.query("rollback to savepoint look");
    }
    return this.client.query({ text, values, ...(rowMode ? { rowMode } : {}) } as pg.QueryConfig);
  }

  /** For what is written with Kysely. */
  get db(): Db {
    const lent = { query: (text: string, values: unknown[]) => this.query(text, values), release: () => {} };
    const pool = { connect: async () => lent, end: async () => {} };
    return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pool as never }) });
  }

  /** For the batches. */
  get connection(): Connection {
    const rows = async (text: string, values: unknown[]) => (await this.query(text, values, "array")).rows;
    const script = async (text: string) => {
      const results: pg.QueryResult[] = [];
      for (const statement of text.split(";\n"))
        results.push(await this.query(statement.replace(/^\/\*.*\*\//, "")));
      return results;
    };
    return { rows, script } as unknown as Connection;
  }
}

const INT8 = 20;

/** With numbers for long integers, as the store's connections give them. */
export const connectTo = async (url: string, session: readonly string[]): Promise<pg.Client> => {
  const getTypeParser = (id: number, format?: "text" | "binary") =>
    id === INT8 ? Number : pg.types.getTypeParser(id, format as "text");
  const types = { getTypeParser: getTypeParser as typeof pg.types.getTypeParser };
  const options = ["jit=off", ...session].map((setting) => `-c ${setting}`).join(" ");
  const client = new pg.Client({ connectionString: url, types, options });
  await client.connect();
  return client;
};
