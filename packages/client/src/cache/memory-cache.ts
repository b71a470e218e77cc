import type { Cache } from "./cache.ts";

/** Forgets everything when the program ends. */
export class MemoryCache implements Cache {
  #values = new Map<string, unknown>();

  async load(prefix: string): Promise<[string, unknown][]> {
    return [...this.#values]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key, structuredClone(value)]);
  }

  async write(changes: readonly (readonly [string, unknown])[]): Promise<void> {
    for (const [key, value] of changes)
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, structuredClone(value));
  }

  close(): void {}
}
