import { type Answer, type I2aBackEnd, i2aBackEnd } from "../../../server/src/testing/i2a-back-end.ts";
import type { Dice } from "../plan/dice.ts";
import { after } from "./visit.ts";
import type { World } from "./world.ts";

/** Milliseconds for one answer. */
const patience = 30_000;
const retryAfter = 200;
/** Milliseconds in which something must be answered: no fault lasts nearly as long. */
const mostPatience = 120_000;

type Params = Record<string, unknown>;

/** The back end of one app as it should be written: it asks any node, and asks again until it is answered. */
export class BackEnd {
  readonly #nodes: readonly I2aBackEnd[];
  readonly #dice: Dice;
  /** Calls that were never answered. */
  readonly unanswered: string[] = [];

  constructor(world: World, secret: string, dice: Dice) {
    this.#nodes = world.nodes.map(({ process }) => i2aBackEnd(process.url, secret));
    this.#dice = dice;
  }

  /** `tries` is 1 if the first call was answered: then it is certain that none of it happens later. Null: never answered. */
  async post(
    path: string,
    params: Params,
    statuses = [200],
  ): Promise<{ tries: number; body: Answer["body"] } | null> {
    const deadline = performance.now() + mostPatience;
    for (let tries = 1; performance.now() < deadline; tries++) {
      const answer = await this.once(path, params);
      if (answer && statuses.includes(answer.status)) return { tries, body: answer.body };
      await after(retryAfter);
    }
    this.unanswered.push(`${path} was not answered for ${mostPatience / 1000} s`);
    return null;
  }

  /** Null: nobody knows whether it happened. */
  async once(path: string, params: Params): Promise<Answer | null> {
    const call = this.#dice.pick(this.#nodes).post(path, params);
    return Promise.race([call, after(patience).then(() => null)]).catch(() => null);
  }
}
