import type { Bus } from "../../ports/bus.ts";
import type { OwnInterest } from "./own-interest.ts";
import type { Clock } from "./router.ts";
import { keySubject } from "./wire.ts";

/** Milliseconds; a loss is told of within one second. */
const lingering = 2000;

export interface LargeSubjectsOptions {
  bus: Bus;
  clock: Clock;
  own: OwnInterest;
  /** Listeners in the cluster above which a key moves to its own subject; below half of it, it moves back. */
  threshold: number;
  onMessage(message: unknown): void;
  /** The interest changed: announce it. The promise resolves when all have confirmed, or are not waited for. */
  announce(): Promise<void> | null;
}

interface Taken {
  unsubscribe(): void;
  /** On its way to the key's subject, there, or on its way back. */
  state: "coming" | "there" | "going";
}

/** Which conversations this node hears on a subject of their own. */
export class LargeSubjects {
  readonly #options: LargeSubjectsOptions;
  readonly #taken = new Map<number, Taken>();

  constructor(options: LargeSubjectsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#taken.size;
  }

  /** Listeners in the cluster by key, as far as nodes tell of them. */
  review(listeners: ReadonlyMap<number, number>): void {
    const { own, threshold } = this.#options;
    for (const [key, count] of listeners)
      if (count > threshold && own.has(key) && !this.#taken.has(key)) void this.#take(key);
    for (const [key, taken] of this.#taken)
      if (taken.state === "there" && (listeners.get(key) ?? 0) < threshold / 2) void this.#leave(key, taken);
  }

  /** Nobody here hears it any more. */
  drop(key: number): void {
    const taken = this.#taken.get(key);
    if (!taken) return;
    this.#taken.delete(key);
    taken.unsubscribe();
  }

  clear(): void {
    for (const { unsubscribe } of this.#taken.values()) unsubscribe();
    this.#taken.clear();
  }

  async #take(key: number): Promise<void> {
    const { bus, own, onMessage, announce } = this.#options;
    const taken: Taken = { unsubscribe: bus.subscribe(keySubject(key), onMessage), state: "coming" };
    this.#taken.set(key, taken);
    await bus.ready();
    if (this.#taken.get(key) !== taken) return;
    taken.state = "there";
    own.setOwnSubject(key, true);
    void announce();
  }

  async #leave(key: number, taken: Taken): Promise<void> {
    taken.state = "going";
    this.#options.own.setOwnSubject(key, false);
    await this.#options.announce();
    // What left on it before the others confirmed may still be on its way, or be lost and missed in a moment.
    await new Promise<void>((resolve) => this.#options.clock.after(lingering, resolve));
    if (this.#taken.get(key) === taken) this.drop(key);
  }
}
