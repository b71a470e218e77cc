/** Milliseconds that somebody waits for the other nodes; who has waited in vain reads the store again later. */
export const patience = 500;

/** Who waits until every node knows of a version of this node's interest. */
export class Confirmations {
  #waiting: { version: number; since: number; resolve(): void }[] = [];
  /** Somebody went on without a confirmation of this version. */
  #owed = -1;

  wait(version: number, now: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ version, since: now, resolve }));
  }

  /** Whoever waits for up to this version goes on before it is confirmed. */
  goOn(version: number): void {
    this.#owed = Math.max(this.#owed, version);
    this.#release(version);
  }

  /** To be called now and then. */
  tick(now: number): void {
    let late = -1;
    for (const { version, since } of this.#waiting)
      if (now - since >= patience) late = Math.max(late, version);
    if (late >= 0) this.goOn(late);
  }

  /** Every node has confirmed this version. True if the store must be read again, because somebody went on before. */
  settle(version: number): boolean {
    this.#release(version);
    if (this.#owed < 0 || this.#owed > version) return false;
    this.#owed = -1;
    return true;
  }

  #release(upTo: number): void {
    if (this.#waiting.length === 0) return;
    const kept = [];
    for (const one of this.#waiting) {
      if (one.version <= upTo) one.resolve();
      else kept.push(one);
    }
    this.#waiting = kept;
  }
}
