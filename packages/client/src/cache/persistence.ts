import type { Environment } from "../environment.ts";
import type { Cache } from "./cache.ts";

const gatherMs = 50;

/**
 * Writes what changed to the cache, gathered. A write is a snapshot of one moment: values are asked for when it begins,
 * all together, so that a cursor never stands there without the states it speaks of.
 */
export class Persistence {
  #cache: Cache;
  #environment: Environment;
  #dirty = new Map<string, () => unknown>();
  #timer: unknown = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(cache: Cache, environment: Environment) {
    this.#cache = cache;
    this.#environment = environment;
  }

  load(prefix: string): Promise<[string, unknown][]> {
    return this.#cache.load(prefix);
  }

  /** `value` may return `undefined`, which removes. */
  changed(key: string, value: () => unknown): void {
    this.#dirty.set(key, value);
    this.#timer ??= this.#environment.setTimeout(() => void this.flush(), gatherMs);
  }

  /** As `changed`, for what nobody else holds: it doesn't wait to be gathered, for the program may end at any moment. */
  changedAtOnce(key: string, value: () => unknown): void {
    this.#dirty.set(key, value);
    void this.flush();
  }

  /** A cache that fails costs a slower start next time, nothing else: what it lacks is loaded again. */
  flush(): Promise<void> {
    this.#environment.clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(async () => {
      if (this.#dirty.size === 0) return;
      const changes = [...this.#dirty].map(([key, value]) => [key, value()] as const);
      this.#dirty.clear();
      await this.#cache.write(changes).catch(() => {});
    });
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#cache.close();
  }
}
