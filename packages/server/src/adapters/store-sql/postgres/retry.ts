import { kindOf } from "./failures.ts";

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;
/** Transactions that meet each other again and again; far more than chance allows. */
const MAX_CONFLICTS = 20;

/** Milliseconds. Half of it is chance, so that the nodes do not all come back at the same moment. */
export const pauseBefore = (attempt: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random() / 2);

/**
 * Repeats `attempt` after lost connections, with growing pauses, until `deadline` (of `performance.now()`); and after
 * conflicts, soon. Whatever else goes wrong, and the last failure, is thrown. `attempt` must be safe to repeat.
 */
export const retrying = async <Result>(deadline: number, attempt: () => Promise<Result>): Promise<Result> => {
  let conflicts = 0;
  for (let attempts = 0; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      const kind = kindOf(error);
      const isConflict = kind === "conflict" && ++conflicts < MAX_CONFLICTS;
      if (kind !== "connection" && !isConflict) throw error;
      const pause = isConflict ? Math.random() * conflicts : pauseBefore(attempts);
      if (performance.now() + pause > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
};
