import { busyBetween, type CpuTimes, readCpu } from "../usage.ts";

/** How many cores processes of one name kept busy. */
export interface Share {
  name: string;
  cores: number;
}

type Reading = Record<string, CpuTimes>;

/** Watches processes that serve the server (database, bus) through the window of one loop. */
export class Bystanders {
  readonly #pids: () => Record<string, number[]>;
  readonly #timer: ReturnType<typeof setTimeout> | null;
  #before: { at: number; times: Reading } | null = null;
  #shares: Share[] = [];

  /** The window starts in so many milliseconds, or now. */
  constructor(pids: () => Record<string, number[]>, afterMillis: number | null) {
    this.#pids = pids;
    this.#timer = afterMillis === null ? null : setTimeout(() => this.#begin(), afterMillis);
    if (afterMillis === null) this.#begin();
  }

  #begin(): void {
    this.#before = { at: performance.now(), times: this.#read() };
  }

  /** The window ends now. */
  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const before = this.#before;
    if (before === null) return;
    const seconds = (performance.now() - before.at) / 1000;
    this.#shares = Object.entries(this.#read()).map(([name, times]) => ({
      name,
      cores: busyBetween(before.times[name] ?? {}, times, seconds).cores,
    }));
  }

  shares(): Share[] {
    return this.#shares;
  }

  #read(): Reading {
    return Object.fromEntries(Object.entries(this.#pids()).map(([name, pids]) => [name, readCpu(pids)]));
  }
}
