import { sql } from "kysely";

/**
 * At the end of an `exists`: it is asked of one row after the other, by a key. PostgreSQL would make a join of it, or read
 * the whole table to have an answer for every row, whenever it takes a conversation for a few rows.
 */
export const oneByOne = sql`limit 1 offset 0`;
