import type { App, AppStore } from "../../ports/store.ts";
import { buildAutomaton } from "./build-automaton.ts";
import type { WordAutomaton } from "./word-automaton.ts";

const wordsAtOnce = 1000;
/** Milliseconds before the store is asked again after it could not be. */
const pauseAfterFailure = 1000;

/**
 * The words of one app as this node knows them. The registry of apps brings news of a change within half a second
 * (`App.wordsRevision`); the new list is built beside the old one, which holds until then. Without words it costs nothing.
 */
export class WordList {
  readonly #store: Pick<AppStore, "listWords">;
  readonly #appNow: () => App;
  #automaton: WordAutomaton | null = null;
  /** Of the list in use; the list of an app that never had words is 0. */
  #revision = 0;
  #loading: Promise<void> | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<AppStore, "listWords">, appNow: () => App) {
    this.#store = store;
    this.#appNow = appNow;
  }

  /** Null: there are no words. To be asked when `ready` says so. */
  get words(): WordAutomaton | null {
    return this.#automaton;
  }

  /** Null: it is. Otherwise resolves when it is; rejects with `unavailable` when the words can't be read. */
  ready(): Promise<void> | null {
    if (this.#revision === this.#appNow().wordsRevision) return null;
    // Who has a list goes on with it while the next one is made.
    const hasOne = this.#revision > 0;
    if (hasOne && (this.#loading || performance.now() - this.#failedAt < pauseAfterFailure)) return null;
    const loading = this.#load();
    if (!hasOne) return loading;
    loading.catch(() => {});
    return null;
  }

  /** The app is another than before. Builds the new list at once if there was one, and otherwise when it is wanted. */
  follow(): void {
    if (this.#revision > 0) this.ready();
  }

  #load(): Promise<void> {
    this.#loading ??= this.#read()
      .catch((error) => {
        this.#failedAt = performance.now();
        throw error;
      })
      .finally(() => {
        this.#loading = null;
      });
    return this.#loading;
  }

  async #read(): Promise<void> {
    // Asked first: what changes while the words are read shows in a later revision.
    const { wordsRevision } = this.#appNow();
    const found = [];
    for (let after: string | null = null; ; ) {
      const page = await this.#store.listWords(after, wordsAtOnce);
      found.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < wordsAtOnce) break;
      after = last.key;
    }
    this.#automaton = found.length === 0 ? null : await buildAutomaton(found);
    this.#revision = wordsRevision;
    this.#failedAt = Number.NEGATIVE_INFINITY;
  }
}
