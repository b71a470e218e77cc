/**
 * All words of an app at once (Aho and Corasick): a text is read once, however many words there are. The words' tree is
 * laid out level by level, so that the children of a state lie side by side, in order, without a table of edges: some 19
 * bytes for each letter of the words.
 */

import type { FoldedText } from "./fold-text.ts";

export interface ScreenedWord {
  /** Folded (`foldWord`), not empty, no two the same. */
  key: string;
  /** What takes its place; null: a text that holds it is refused. */
  replaceWith: string | null;
}

export interface FoundWord {
  /** In the folded text. */
  start: number;
  end: number;
  replaceWith: string;
}

const [blocks, replaces] = [1, 2];

export class WordAutomaton {
  readonly size: number;
  readonly #replacements: readonly (string | null)[];
  /** Children of state `s` are the states from `#firstChild[s]` up to `#firstChild[s + 1]`, in the order of their units. */
  readonly #firstChild: Int32Array;
  readonly #unit: Uint16Array;
  /** The state of the longest other word's beginning that the text read so far ends with. */
  readonly #fallback: Int32Array;
  /** The word that ends here, or -1; how long it is; and the next shorter state where one ends, or 0. */
  readonly #word: Int32Array;
  readonly #depth: Uint8Array;
  readonly #nextWord: Int32Array;
  /** What the words do that end here, shorter ones too. */
  readonly #flags: Uint8Array;
  /** Children of the root by their unit, in pages of 256: nearly every letter of a text begins no word. */
  readonly #roots: (Int32Array | undefined)[] = [];

  constructor(tree: WordTree, replacements: readonly (string | null)[]) {
    this.size = replacements.length;
    this.#replacements = replacements;
    this.#firstChild = tree.firstChild;
    this.#unit = tree.unit;
    this.#word = tree.word;
    this.#depth = tree.depth;
    const states = tree.unit.length;
    this.#fallback = new Int32Array(states);
    this.#nextWord = new Int32Array(states);
    this.#flags = new Uint8Array(states);
    for (let child = tree.firstChild[0] as number; child < (tree.firstChild[1] as number); child++) {
      const unit = tree.unit[child] as number;
      this.#roots[unit >> 8] ??= new Int32Array(256);
      (this.#roots[unit >> 8] as Int32Array)[unit & 255] = child;
    }
  }

  /** Joins states `from` up to `to` to what is before them. Called once for each, in order. */
  link(from: number, to: number): void {
    for (let state = from; state < to; state++) {
      this.#join(state);
      const [first, end] = [this.#firstChild[state] as number, this.#firstChild[state + 1] as number];
      for (let child = first; child < end; child++)
        this.#fallback[child] =
          state === 0 ? 0 : this.#next(this.#fallback[state] as number, this.#unit[child] as number);
    }
  }

  #join(state: number): void {
    if (state === 0) return;
    const fallback = this.#fallback[state] as number;
    this.#nextWord[state] =
      (this.#word[fallback] as number) >= 0 ? fallback : (this.#nextWord[fallback] as number);
    const word = this.#word[state] as number;
    const own = word < 0 ? 0 : this.#replacements[word] === null ? blocks : replaces;
    this.#flags[state] = own | (this.#flags[fallback] as number);
  }

  #next(from: number, unit: number): number {
    let state = from;
    while (state !== 0) {
      const child = this.#child(state, unit);
      if (child !== 0) return child;
      state = this.#fallback[state] as number;
    }
    return this.#roots[unit >> 8]?.[unit & 255] ?? 0;
  }

  #child(state: number, unit: number): number {
    let low = this.#firstChild[state] as number;
    let high = this.#firstChild[state + 1] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#unit[middle] as number;
      if (found === unit) return middle;
      if (found < unit) low = middle + 1;
      else high = middle;
    }
    return 0;
  }

  /** What becomes of a text: the strictest of what its words ask for. */
  judge({ units, length }: FoldedText): "pass" | "replace" | "block" {
    let state = 0;
    let flags = 0;
    for (let at = 0; at < length; at++) {
      state = this.#next(state, units[at] as number);
      flags |= this.#flags[state] as number;
      if (flags & blocks) return "block";
    }
    return flags === 0 ? "pass" : "replace";
  }

  /** The words to replace, from left to right; of those that overlap the one that begins first, then the longest. */
  find({ units, length }: FoldedText): FoundWord[] {
    /** The longest word that begins at each place. */
    const longest = new Map<number, number>();
    let state = 0;
    for (let at = 0; at < length; at++) {
      state = this.#next(state, units[at] as number);
      let ending = (this.#word[state] as number) >= 0 ? state : (this.#nextWord[state] as number);
      // Words that end here come longest first, and those that begin at the same place shortest first.
      for (; ending !== 0; ending = this.#nextWord[ending] as number)
        longest.set(at + 1 - (this.#depth[ending] as number), ending);
    }
    const found: FoundWord[] = [];
    let free = 0;
    for (const start of [...longest.keys()].sort((one, other) => one - other)) {
      const ending = longest.get(start) as number;
      const replaceWith = this.#replacements[this.#word[ending] as number] as string | null;
      if (start < free || replaceWith === null) continue;
      free = start + (this.#depth[ending] as number);
      found.push({ start, end: free, replaceWith });
    }
    return found;
  }
}

export interface WordTree {
  firstChild: Int32Array;
  unit: Uint16Array;
  word: Int32Array;
  depth: Uint8Array;
}
