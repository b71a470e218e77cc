/** How soon a worker that ended is started again, and when it is given up. */

const firstPause = 250;
const longestPause = 30_000;
/** Milliseconds of listening after which earlier ends are forgotten. */
const isSteadyAfter = 60_000;
/** Ends in a row, about a minute and a half of pauses. */
const mostEnds = 10;

export class RestartPace {
  #ends = 0;

  /** Milliseconds to wait after an end that nobody asked for; null: it will not stay up. `listenedFor` is 0 for never. */
  afterEnd(listenedFor: number): number | null {
    this.#ends = listenedFor >= isSteadyAfter ? 1 : this.#ends + 1;
    if (this.#ends > mostEnds) return null;
    return Math.min(firstPause * 2 ** (this.#ends - 1), longestPause);
  }
}
