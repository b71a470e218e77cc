import type { Cache } from "./cache.ts";

/** Forgets everything when the program ends. */
export class MemoryCache implements Cache {
  #values = new Map<string, unknown>();

  async load(prefix: string): Promise<[string, unknown][]> {
    return [...this.#values]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key, copyOf(value)]);
  }

  async write(changes: readonly (readonly [string, unknown])[]): Promise<void> {
    const copies = changes.map(([key, value]) => [key, copyOf(value)] as const);
    for (const [key, value] of copies)
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, value);
  }

  close(): void {}
}

/** Written out, for React Native's engine has no `structuredClone`. */
function copyOf(value: unknown): unknown {
  if (typeof value === "function") throw new Error("A function can't be kept.");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)]));
}
