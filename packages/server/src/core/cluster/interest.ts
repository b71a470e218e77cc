import { KeySet } from "./key-set.ts";
import { digestOf } from "./keys.ts";

/** Where keys stand now; a key that is in none of a change's lists stays where it is. */
export interface InterestChange {
  /** Wanted on the node's subject. */
  direct: number[];
  /** Wanted on the key's own subject, which the node is subscribed to. */
  own: number[];
  /** Not wanted any more. */
  none: number[];
}

/** What one node wants to hear: a set of keys, each on one of two ways, and a digest by which two copies are compared. */
export class Interest {
  readonly #direct = new KeySet();
  readonly #own = new KeySet();
  #digest = 0;

  get digest(): number {
    return this.#digest >>> 0;
  }

  get size(): number {
    return this.#direct.size + this.#own.size;
  }

  get bytes(): number {
    return this.#direct.bytes + this.#own.bytes;
  }

  wantsDirectly(key: number): boolean {
    return this.#direct.has(key);
  }

  wantsOnOwnSubject(key: number): boolean {
    return this.#own.has(key);
  }

  apply({ direct, own, none }: InterestChange): void {
    for (const key of direct) this.#set(key, true, false);
    for (const key of own) this.#set(key, false, true);
    for (const key of none) this.#set(key, false, false);
  }

  clear(): void {
    this.#direct.clear();
    this.#own.clear();
    this.#digest = 0;
  }

  directKeys(): Iterable<number> {
    return this.#direct;
  }

  ownKeys(): Iterable<number> {
    return this.#own;
  }

  #set(key: number, isDirect: boolean, isOwn: boolean): void {
    if (isDirect ? this.#direct.add(key) : this.#direct.delete(key)) this.#digest ^= digestOf(key, false);
    if (isOwn ? this.#own.add(key) : this.#own.delete(key)) this.#digest ^= digestOf(key, true);
  }
}
