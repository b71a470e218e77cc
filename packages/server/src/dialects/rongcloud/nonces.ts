/** Signatures that were used, for apps that want each to be used once; this node's, and bounded. */
export class UsedNonces {
  readonly #until = new Map<string, number>();
  readonly #most: number;
  readonly #now: () => number;

  constructor(most = 100_000, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#now = now;
  }

  /** False: it was used within `milliseconds`. */
  take(key: string, milliseconds: number): boolean {
    const now = this.#now();
    const until = this.#until.get(key);
    if (until !== undefined && until > now) return false;
    this.#until.delete(key);
    this.#until.set(key, now + milliseconds);
    this.#forget(now);
    return true;
  }

  /** Those that are over, from the oldest on; above the bound the oldest goes, whatever it is. */
  #forget(now: number): void {
    for (const [key, until] of this.#until) {
      if (until > now && this.#until.size <= this.#most) return;
      this.#until.delete(key);
    }
  }
}
