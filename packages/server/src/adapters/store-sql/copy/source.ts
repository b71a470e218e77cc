/** The embedded database as it is read beside the server that uses it: never written to, and never for long. */

import { existsSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { migrations } from "../migrations/migrate.ts";
import type { Row, Value } from "./checksum.ts";
import { keyOf, namesOf, type Table } from "./tables.ts";

/** Rows that follow each other; `after` excludes and `upTo` includes a key, and null is the end on that side. */
export interface Page {
  rows: Row[];
  after: Row | null;
  upTo: Row | null;
  /** Characters, roughly. */
  size: number;
}

/** A further condition on rows `t`, with values for its question marks. */
export interface Limit {
  condition: string;
  values: readonly number[];
}

const BUSY_TIMEOUT_MS = 5000;
const CACHE_KIB = 64 * 1024;
export const PAGE_ROWS = 2000;
/** Characters; one row more may exceed it. */
export const PAGE_SIZE = 2 * 1024 * 1024;

const weigh = (row: Row): number => {
  let weight = 0;
  for (const value of row) weight += typeof value === "string" ? value.length : 8;
  return weight;
};

const NUL = /\0/g;

export class Source {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Texts with a character that PostgreSQL cannot hold; it was replaced with U+FFFD. */
  replacedTexts = 0;

  /** Throws a sentence when this is no database of ours, or one of another version. */
  constructor(file: string) {
    if (!existsSync(file)) throw new Error(`There is no database at ${file}.`);
    let version: Value;
    try {
      this.#database = new DatabaseSync(file, { readOnly: true });
      this.#database.exec(`PRAGMA busy_timeout=${BUSY_TIMEOUT_MS}; PRAGMA cache_size=-${CACHE_KIB}`);
      version = this.number("select max(version) from migrations");
    } catch (error) {
      throw new Error(
        `${file} is no database of Parlance (${error instanceof Error ? error.message : error}).`,
      );
    }
    const known = migrations.length;
    if (version > known)
      throw new Error(
        `${file} was written by a newer Parlance (version ${version} of its tables; this program knows ${known}).`,
      );
    if (version < known)
      throw new Error(
        `${file} was written by an older Parlance (version ${version} of its tables; this program has ${known}). ` +
          "Start the server once with this program; it brings the tables to its version.",
      );
  }

  close(): void {
    this.#database.close();
  }

  /** The one number that a query yields, or 0. */
  number(query: string, ...values: Value[]): number {
    const [row] = this.rows(query, ...values);
    return Number(row?.[0] ?? 0);
  }

  /** To be used where there are few rows. */
  rows(query: string, ...values: Value[]): Row[] {
    return [...this.#iterate(query, values)];
  }

  /** When its first tables were made, which tells one installation from another and stays with its backups. */
  get birth(): number {
    return this.number("select applied_at from migrations where version = 1");
  }

  /** The last time that was given to anything. What comes later has a higher one. */
  get clock(): number {
    return this.number("select value from meta where name = 'clock'");
  }

  isLive(appId: number, conversationId: number): boolean {
    const found = `select 1 from conversations c join apps a on a.id = c.app_id
      where c.app_id = ? and c.id = ? and c.deleted_at is null and a.deleted_at is null`;
    return this.number(found, appId, conversationId) === 1;
  }

  /**
   * All rows of an app in pages that are read when they are asked for; between two of them nothing is held open.
   * `first` is a key to begin after.
   */
  *pages(table: Table, appId: number, limit?: Limit, first: Row | null = null): Generator<Page> {
    const { columns, keyLength, name, where } = table;
    const key = namesOf(keyOf(table), "t.");
    const places = keyOf(table).map(() => "?");
    const filters = [limit?.condition, where]
      .filter((filter) => filter !== undefined)
      .map((filter) => ` and ${filter}`);
    const values = limit?.values ?? [];
    for (let after = first; ; ) {
      const from = after === null ? "" : ` and (${key}) > (${places})`;
      const query = `select ${namesOf(columns, "t.")} from ${name} t
        where t.app_id = ?${from}${filters.join("")} order by ${key}`;
      const { rows, size, isLast } = this.#take(query, [appId, ...(after ?? []), ...values]);
      const upTo: Row | null = isLast ? null : (rows.at(-1) as Row).slice(0, keyLength);
      yield { rows, after, upTo, size };
      if (upTo === null) return;
      after = upTo;
    }
  }

  /** As many rows as make a page. */
  #take(query: string, values: Value[]): { rows: Row[]; size: number; isLast: boolean } {
    const rows: Row[] = [];
    let size = 0;
    for (const row of this.#iterate(query, values)) {
      rows.push(row);
      size += weigh(row);
      if (rows.length === PAGE_ROWS || size > PAGE_SIZE) return { rows, size, isLast: false };
    }
    return { rows, size, isLast: true };
  }

  *#iterate(query: string, values: Value[]): Generator<Row> {
    let statement = this.#statements.get(query);
    if (statement === undefined) {
      statement = this.#database.prepare(query);
      this.#statements.set(query, statement);
    }
    for (const found of statement.iterate(...values)) {
      const row = Object.values(found) as Value[];
      for (const [index, value] of row.entries())
        if (typeof value === "string" && value.includes("\0")) {
          row[index] = value.replace(NUL, "\uFFFD");
          this.replacedTexts++;
        }
      yield row;
    }
  }
}
