/** An app's sensitive words. */

export interface SensitiveWord {
  /** Folded text, by which words are the same. */
  key: string;
  /** As it was given. */
  word: string;
  /** Null: messages that hold it are refused. */
  replaceWith: string | null;
}

export interface WordStore {
  /**
   * Adds them, or changes those whose keys are there. All or, if there would be more than `most`, none; `left` is how many
   * more there may be, after it if it was done. No two have the same key. `App.wordsRevision` rises. Throws `notFound` when
   * the app is deleted.
   */
  saveWords(words: SensitiveWord[], most: number): Promise<{ isSaved: boolean; left: number }>;
  /** How many of these keys there were. `App.wordsRevision` rises if there were any. */
  removeWords(keys: string[]): Promise<number>;
  /** In the order of keys, after `afterKey`. */
  listWords(afterKey: string | null, limit: number): Promise<SensitiveWord[]>;
}
