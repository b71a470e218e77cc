/**
 * A set of 32-bit numbers in one flat table: 6 to 11 bytes a number, where a `Set` takes some 30. Nodes remember every
 * other node's interest in it, which is one number for each person online and each conversation heard in the cluster.
 *
 * Open addressing with linear steps; removing closes the hole by moving back what had stepped over it. 0 marks a free
 * slot, and `keys.ts` makes no key of it.
 */
export class KeySet {
  #slots = new Uint32Array(smallest);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What the table takes in memory. */
  get bytes(): number {
    return this.#slots.byteLength;
  }

  has(key: number): boolean {
    return this.#slots[this.#slot(key)] === key;
  }

  /** False if it was there. */
  add(key: number): boolean {
    const slot = this.#slot(key);
    if (this.#slots[slot] === key) return false;
    this.#slots[slot] = key;
    this.#size++;
    if (this.#size * 3 > this.#slots.length * 2) this.#resize(this.#slots.length * 2);
    return true;
  }

  /** False if it was not there. */
  delete(key: number): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = this.#slot(key);
    if (slots[hole] !== key) return false;
    for (let at = (hole + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const home = spread(slots[at] as number) & mask;
      // It may move back if its home is not between the hole and where it stands.
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      slots[hole] = slots[at] as number;
      hole = at;
    }
    slots[hole] = 0;
    this.#size--;
    if (slots.length > smallest && this.#size * 8 < slots.length) this.#resize(slots.length / 2);
    return true;
  }

  clear(): void {
    this.#slots = new Uint32Array(smallest);
    this.#size = 0;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const key of this.#slots) if (key !== 0) yield key;
  }

  /** Where the key is, or would be. */
  #slot(key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = spread(key) & mask;
    while (slots[at] !== 0 && slots[at] !== key) at = (at + 1) & mask;
    return at;
  }

  #resize(length: number): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(length);
    for (const key of before) if (key !== 0) this.#slots[this.#slot(key)] = key;
  }
}

/** A power of two. */
const smallest = 16;

/** Keys are hashes, but whoever chooses ids must not be able to choose slots by low bits alone. */
const spread = (key: number): number => (Math.imul(key, 0x9e3779b1) >>> 7) ^ key;
