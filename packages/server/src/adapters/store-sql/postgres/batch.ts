/** What the grouped writes share: many calls as one transaction, made once however often it is tried. */

import { randomUUID } from "node:crypto";
import type { ParlanceError } from "../../../errors.ts";
import { COMMIT_KEY, findBatch } from "./append-statement.ts";
import type { Connection, Connections } from "./connections.ts";
import { constraintOf, kindOf, toRefusal } from "./failures.ts";
import { type Answer, type CommitKey, findOut } from "./fence.ts";
import { retrying } from "./retry.ts";

export type Outcome<Result> = Result | ParlanceError;

export interface Batch<Result> {
  /** Where its commit is noted: the app of one of its calls. */
  appId: number;
  /** One transaction that puts its answer into `commits` under this key, at its end. Throws if the key is there. */
  run(connection: Connection, key: CommitKey): Promise<Answer>;
  /** What the answer means for each call, in their order. */
  decode(answer: Answer): Outcome<Result>[];
}

/** When trying ends, by `performance.now()`; and whether finding out what became of a try is to end as well. */
export interface Patience {
  deadline: number;
  isOver(): boolean;
}

/**
 * Runs a batch until it is done or `deadline` is over. When it throws, it is certain that nothing was stored and that
 * nothing will be; until that is so it asks on, whatever the deadline. Throws `OutcomeUnknown` when `isOver` ends that.
 */
export const storeOnce = async <Result>(
  connections: Connections,
  batch: Batch<Result>,
  { deadline, isOver }: Patience,
): Promise<Outcome<Result>[]> => {
  const key: CommitKey = [batch.appId, randomUUID()];
  let isInDoubt = false;
  const attempt = () =>
    connections.use(async (connection) => {
      try {
        return await batch.run(connection, key);
      } catch (error) {
        if (constraintOf(error) === COMMIT_KEY)
          return (await connection.rows<Answer>(findBatch, [...key]))[0] as Answer;
        isInDoubt ||= kindOf(error) === "connection";
        throw error;
      }
    });
  try {
    return batch.decode(await retrying(deadline, attempt));
  } catch (error) {
    const answer = isInDoubt ? await findOut(connections, key, isOver) : null;
    if (answer === null) throw error;
    return batch.decode(answer);
  }
};

/** The same, but a call that PostgreSQL refuses, such as one whose id is too long for an index, fails alone. */
export const storeEach = async <Call, Result>(
  connections: Connections,
  calls: readonly Call[],
  prepare: (calls: readonly Call[]) => Batch<Result>,
  patience: Patience,
): Promise<Outcome<Result>[]> => {
  try {
    return await storeOnce(connections, prepare(calls), patience);
  } catch (error) {
    const kind = kindOf(error);
    if (kind !== "input" && kind !== "unforeseen") throw error;
    if (calls.length === 1) return [toRefusal(error)];
    // Nothing of the batch was stored. Halves, in their order, soon leave the one that it was about alone.
    const middle = Math.ceil(calls.length / 2);
    const outcomes: Outcome<Result>[] = [];
    for (const half of [calls.slice(0, middle), calls.slice(middle)])
      try {
        outcomes.push(...(await storeEach(connections, half, prepare, patience)));
      } catch (failure) {
        // The other half may be stored, and must be told so.
        outcomes.push(...half.map(() => toRefusal(failure)));
      }
    return outcomes;
  }
};
