/**
 * Finding out what became of a transaction whose answer was lost. It ends with a row in `commits` under its own key; here
 * that key is taken in a transaction of our own. If it can be taken, the other can never commit any more, wherever its
 * bytes still are: it would offend the key. If it can't, the other has committed, and its row holds the answer. While the
 * other is still at its end PostgreSQL lets us wait for it, up to the time limit of a statement, and we ask again.
 */

import { OutcomeUnknown } from "../../../ports/outcome-unknown.ts";
import { findBatch } from "./append-statement.ts";
import type { Connections } from "./connections.ts";
import { pauseBefore } from "./retry.ts";

/** What a transaction that ends with a row in `commits` answers: two texts that mean what its kind says. */
export type Answer = [heads: string | null, repeats: string | null];

export type CommitKey = readonly [appId: number, id: string];

/** In `repeats` of a key that we took. No batch's answer looks like it. */
const FENCED = "fenced";
const insertFence = `
  insert into commits (app_id, id, created_at, repeats) values ($1::int4, $2::uuid, $3::int8, '${FENCED}')
  on conflict (app_id, id) do nothing returning 1`;

/** Asks until it is known. Null: it did not commit, and never will. Throws `OutcomeUnknown` only when `isOver`. */
export const findOut = async (
  connections: Connections,
  key: CommitKey,
  isOver: () => boolean,
): Promise<Answer | null> => {
  for (let attempts = 0; !isOver(); attempts++) {
    try {
      return await connections.use(async (connection) => {
        const taken = await connection.rows(insertFence, [...key, Date.now() * 1000], "fence");
        if (taken.length > 0) return null;
        const [answer] = await connection.rows<Answer>(findBatch, [...key]);
        if (answer === undefined) throw new Error("A commit's key was there, and is gone.");
        // Ours, from an attempt whose answer was lost, too.
        return answer[1] === FENCED ? null : answer;
      });
    } catch {
      // Whatever it is, the question stays open.
      await new Promise((resolve) => setTimeout(resolve, pauseBefore(attempts)));
    }
  }
  throw new OutcomeUnknown(Promise.resolve(null));
};
