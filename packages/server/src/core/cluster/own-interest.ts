import { Interest, type InterestChange } from "./interest.ts";

/**
 * What this node wants to hear, counted: several conversations and users can share a key, and a conversation can be
 * wanted twice. Changes are gathered until they are announced; what came and went in between is never told.
 */
export class OwnInterest {
  readonly #most: number;
  readonly #counts = new Map<number, number>();
  /** Keys that are heard on a subject of their own. */
  readonly #own = new Set<number>();
  /** As it was told to the others. */
  readonly #announced = new Interest();
  readonly #dirty = new Set<number>();
  version = 0;
  /** More keys than may be told: the others are asked for everything instead. */
  isAll = false;

  /** `most`: keys that the others are told of. */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#counts.size;
  }

  get digest(): number {
    return this.#announced.digest;
  }

  get announced(): Interest {
    return this.#announced;
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0;
  }

  has(key: number): boolean {
    return this.#counts.has(key);
  }

  add(key: number): void {
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    if (count === 0) this.#touch(key);
  }

  drop(key: number): void {
    const count = this.#counts.get(key);
    if (count === undefined) return;
    if (count > 1) this.#counts.set(key, count - 1);
    else {
      this.#counts.delete(key);
      this.#own.delete(key);
      this.#touch(key);
    }
  }

  /** Moves a key between this node's subject and its own. */
  setOwnSubject(key: number, isOwn: boolean): void {
    if (isOwn) this.#own.add(key);
    else this.#own.delete(key);
    this.#touch(key);
  }

  /**
   * What to announce: the change that leads to the new `version`, `"whole"` if the others must begin anew, or null if
   * nothing changed.
   */
  next(): InterestChange | "whole" | null {
    const wasAll = this.isAll;
    if (!wasAll && this.#counts.size > this.#most) this.isAll = true;
    else if (wasAll && this.#counts.size < this.#most / 2) this.isAll = false;
    if (wasAll !== this.isAll) {
      this.version++;
      this.#dirty.clear();
      this.#announced.clear();
      if (!this.isAll) this.#announced.apply(this.#sort(this.#counts.keys()));
      return "whole";
    }
    const change = this.#sort(this.#dirty);
    this.#dirty.clear();
    if (change.direct.length + change.own.length + change.none.length === 0) return null;
    this.version++;
    this.#announced.apply(change);
    return change;
  }

  #touch(key: number): void {
    // Who gets everything anyway has nothing to tell; but its end must be noticed.
    if (!this.isAll || this.#counts.size < this.#most / 2) this.#dirty.add(key);
  }

  /** Where each key ought to be and is not announced to be. */
  #sort(keys: Iterable<number>): InterestChange {
    const change: InterestChange = { direct: [], own: [], none: [] };
    if (this.isAll) return change;
    for (const key of keys) {
      const isDirect = this.#announced.wantsDirectly(key);
      const isOwn = this.#announced.wantsOnOwnSubject(key);
      if (!this.#counts.has(key)) {
        if (isDirect || isOwn) change.none.push(key);
      } else if (this.#own.has(key)) {
        if (!isOwn) change.own.push(key);
      } else if (!isDirect) change.direct.push(key);
    }
    return change;
  }
}
