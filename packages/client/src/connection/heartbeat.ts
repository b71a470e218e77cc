import type { Environment } from "../environment.ts";

export interface HeartbeatActions {
  ask(): void;
  giveUp(): void;
}

/** Notices a dead line: asks after one silent span (browsers hide the server's pings), gives up after the second. */
export class Heartbeat {
  #timer: unknown;
  #silentSpans = 0;
  readonly #environment: Environment;

  constructor(environment: Environment, spanMs: number, { ask, giveUp }: HeartbeatActions) {
    this.#environment = environment;
    const tick = (): void => {
      this.#silentSpans++;
      if (this.#silentSpans === 2) ask();
      if (this.#silentSpans > 2) giveUp();
      else this.#timer = environment.setTimeout(tick, spanMs);
    };
    this.#timer = environment.setTimeout(tick, spanMs);
  }

  heard(): void {
    this.#silentSpans = 0;
  }

  stop(): void {
    this.#environment.clearTimeout(this.#timer);
  }
}
