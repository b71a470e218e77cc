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
    const copies = structuredClone(changes);
    for (const [key, value] of copies)
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, value);
  }

  close(): void {}
}
