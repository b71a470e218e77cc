/** Chance that a seed decides: the same seed and name give the same numbers, whoever else draws meanwhile. */
export class Dice {
  readonly #seed: number;
  #state: number;

  constructor(seed: number, name = "") {
    let state = seed | 0;
    for (const character of name) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
    this.#seed = seed;
    this.#state = state;
  }

  /** Dice of the same seed for another purpose. */
  named(name: string): Dice {
    return new Dice(this.#seed, name);
  }

  /** From 0 to below 1 (mulberry32). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Throws if there is nothing to pick from. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new Error("there is nothing to pick from");
    return items[this.between(0, items.length - 1)] as Item;
  }
}
