/** An app's sensitive words: what clients write is refused for them, or changed. They hold on every node within seconds. */

import { ParlanceError } from "../../errors.ts";
import type { SensitiveWord } from "../../ports/store-words.ts";
import type { Core } from "../core.ts";
import { longestKey } from "./build-automaton.ts";
import { foldWord } from "./fold-text.ts";

export interface NewWord {
  word: string;
  /** Null: messages that hold the word are refused. */
  replaceWith: string | null;
}

/** Characters of a word and of what takes its place. */
export const longestWord = 32;

/**
 * All of them or none; who is there already, however it was written, is changed. Throws `invalidInput`, and
 * `tooManyWords` with `left`, how many more there may be.
 */
export async function addWords(core: Core, words: readonly NewWord[]): Promise<void> {
  const byKey = new Map(words.map((given) => [keyOf(given.word), given]));
  for (const { replaceWith } of words) if (replaceWith !== null) assertText("replaceWord", replaceWith);
  const rows = [...byKey].map(([key, given]) => ({ key, ...given }));
  const { isSaved, left } = await core.store.saveWords(rows, core.settings.sensitiveWords);
  if (!isSaved) throw new ParlanceError("tooManyWords", { left });
  core.log.info({ words: rows.length }, "sensitive words added");
}

/** What isn't there is passed over. Throws `invalidInput`. */
export async function removeWords(core: Core, words: readonly string[]): Promise<void> {
  const removed = await core.store.removeWords([...new Set(words.map(keyOf))]);
  if (removed > 0) core.log.info({ words: removed }, "sensitive words removed");
}

const pageSize = 1000;

/** In the order of their folded texts. */
export async function listWords(core: Core, which: "block" | "replace" | "all"): Promise<SensitiveWord[]> {
  const found: SensitiveWord[] = [];
  for (let after: string | null = null; ; ) {
    const page = await core.store.listWords(after, pageSize);
    for (const word of page)
      if (which === "all" || (which === "block") === (word.replaceWith === null)) found.push(word);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return found;
    after = last.key;
  }
}

function keyOf(word: string): string {
  assertText("word", word);
  const key = foldWord(word);
  if (key.trim() === "") throw new ParlanceError("invalidInput", { word: "There is nothing to see in it." });
  if (key.length > longestKey) throw new ParlanceError("invalidInput", { word: "It is too long." });
  return key;
}

function assertText(field: string, text: string): void {
  const isFine = text.length <= 2 * longestWord && [...text].length <= longestWord && text.isWellFormed();
  if (!isFine)
    throw new ParlanceError("invalidInput", { [field]: `Give at most ${longestWord} characters.` });
  if (text.includes("\0")) throw new ParlanceError("invalidInput", { [field]: "It holds a NUL." });
}
