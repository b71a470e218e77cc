import type { Cache } from "../cache/cache.ts";

/** A device's disk: programs come and go, and what one writes after its death doesn't arrive. */
export class MortalCache implements Cache {
  #disk: Cache;
  #isDead = false;

  constructor(disk: Cache) {
    this.#disk = disk;
  }

  load(prefix: string): Promise<[string, unknown][]> {
    return this.#disk.load(prefix);
  }

  async write(changes: Parameters<Cache["write"]>[0]): Promise<void> {
    if (!this.#isDead) await this.#disk.write(changes);
  }

  close(): void {}

  /** The program is killed: what it has not written is gone. */
  die(): void {
    this.#isDead = true;
  }
}
