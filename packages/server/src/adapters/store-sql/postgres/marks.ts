/** Read marks in batches: what they become as parameters, and what the answer means for each. */

import { ParlanceError } from "../../../errors.ts";
import type { MovedMark } from "../../../ports/store.ts";
import type { ArgsOf, Writes } from "../operations/tables.ts";
import { type Batch, type Outcome, type Patience, storeEach } from "./batch.ts";
import { int4Array, int8Array, textArray } from "./binary-arrays.ts";
import type { Connections } from "./connections.ts";
import type { Answer } from "./fence.ts";
import { MOVED, marksStatement, OVERTAKEN } from "./marks-statement.ts";

export type MarkCall = ArgsOf<Writes["moveReadMark"]>;

/** Somebody else moved the mark at the same moment; asked again, the batch sees where it stands. */
const overtaken = Symbol("overtaken");
type Moved = MovedMark | null | typeof overtaken;

/** No mark may be twice in it. */
export const marksBatch = (calls: readonly MarkCall[]): Batch<Moved> => {
  const arrays = [
    int4Array(calls.map(([appId]) => appId)),
    int8Array(calls.map(([, conversationId]) => conversationId)),
    textArray(calls.map(([, , userId]) => userId)),
    int8Array(calls.map(([, , , upTo]) => upTo)),
  ];
  return {
    appId: calls[0]?.[0] as number,
    async run(connection, key) {
      const values = [...key, Date.now() * 1000, ...arrays];
      return (await connection.rows<Answer>(marksStatement, values, "marks"))[0] as Answer;
    },
    decode([heads]) {
      const outcomes = calls.map((): Moved => null);
      const numbers = heads === null ? [] : heads.split(",").map(Number);
      for (let at = 0; at < numbers.length; at += 4) {
        const [number, sentAt, seq, what] = numbers.slice(at, at + 4) as [number, number, number, number];
        const userId = calls[number - 1]?.[2] as string;
        outcomes[number - 1] =
          what === OVERTAKEN ? overtaken : { userId, sentAt, seq, hasMoved: what === MOVED };
      }
      return outcomes;
    },
  };
};

/** Each time, somebody else must have moved the very mark between our statement's beginning and its end. */
const MOST_OVERTAKINGS = 10;

/** No mark may be twice among the calls. */
export const storeMarks = async (
  connections: Connections,
  calls: readonly MarkCall[],
  patience: Patience,
): Promise<Outcome<MovedMark | null>[]> => {
  const outcomes = await storeEach(connections, calls, marksBatch, patience);
  for (let again = 0; ; again++) {
    const places = outcomes.flatMap((outcome, index) => (outcome === overtaken ? [index] : []));
    if (places.length === 0) return outcomes as Outcome<MovedMark | null>[];
    let repeated: Outcome<Moved>[];
    try {
      if (again === MOST_OVERTAKINGS) throw new ParlanceError("unavailable");
      const left = places.map((place) => calls[place] as MarkCall);
      repeated = await storeEach(connections, left, marksBatch, patience);
    } catch {
      // The first try moved none of these, and the other marks of the batch are moved.
      repeated = places.map(() => new ParlanceError("unavailable"));
    }
    for (const [index, place] of places.entries()) outcomes[place] = repeated[index] as Outcome<Moved>;
  }
};
