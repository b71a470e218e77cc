import { type Answer, type I2aBackEnd, i2aBackEnd } from "../../../server/src/testing/i2a-back-end.ts";
import type { Dice } from "../plan/dice.ts";
import { after } from "./visit.ts";
import type { World } from "./world.ts";

/** Milliseconds for one answer. */
const patience = 30_000;
const retryAfter = 200;

type Params = Record<string, unknown>;

/** The back end of one app as it should be written: it asks any node, and asks again until it is answered. */
export class BackEnd {
  readonly #nodes: readonly I2aBackEnd[];
  readonly #dice: Dice;
  #isOver = false;

  constructor(world: World, secret: string, dice: Dice) {
    this.#nodes = world.nodes.map(({ process }) => i2aBackEnd(process.url, secret));
    this.#dice = dice;
  }

  /** Nobody waits for an answer any more. */
  stop(): void {
    this.#isOver = true;
  }

  /** `tries` is 1 if the first call was answered: then it is certain that none of it happens later. Null after `stop`. */
  async post(
    path: string,
    params: Params,
    statuses = [200],
  ): Promise<{ tries: number; body: Answer["body"] } | null> {
    for (let tries = 1; !this.#isOver; tries++) {
      const answer = await this.once(path, params);
      if (answer && statuses.includes(answer.status)) return { tries, body: answer.body };
      await after(retryAfter);
    }
    return null;
  }

  /** Null: nobody knows whether it happened. */
  async once(path: string, params: Params): Promise<Answer | null> {
    const call = this.#dice.pick(this.#nodes).post(path, params);
    return Promise.race([call, after(patience).then(() => null)]).catch(() => null);
  }
}
