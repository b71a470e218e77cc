import type { LogOrder } from "../core/messages/log-order.ts";
import type { Audience } from "../core/presence/audience.ts";
import type { AppStore, Conversation } from "../ports/store.ts";

export interface EverybodyOptions {
  store: Pick<AppStore, "listBroadcasts">;
  audience: Pick<Audience<unknown>, "everybodys" | "hearEverybodys">;
  order: Pick<LogOrder, "follow" | "followFrom">;
}

/**
 * Which conversations are everybody's, and that they are followed here. The list is read when the first user comes; what
 * is made later is heard of by the first event in it, which goes to all nodes, or by a recheck when that is lost. Either
 * way it was made after the list was read, so that all of its log is new to whoever is here.
 */
export class Everybody {
  readonly #options: EverybodyOptions;
  #isRead = false;
  #reading: Promise<void> | null = null;
  /** Heard of while the list was being read, which may or may not have them. */
  readonly #heard = new Set<number>();

  constructor(options: EverybodyOptions) {
    this.#options = options;
  }

  /** Resolves when what is said to everybody from now on is delivered here. Throws what the store throws. */
  async follow(): Promise<void> {
    if (!this.#isRead) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
    const { order, audience } = this.#options;
    // While nobody was here it may have been forgotten how far they are delivered.
    if (audience.everybodys.size > 0) await order.follow([...audience.everybodys]);
  }

  /** An event of it came. */
  hear({ id, admission }: Conversation): void {
    if (admission !== "everyone") return;
    if (this.#isRead) this.#add(id);
    else if (this.#reading) this.#heard.add(id);
  }

  /** Events may have been lost. */
  async recheck(): Promise<void> {
    if (!this.#isRead) return;
    for (const { id } of await this.#options.store.listBroadcasts()) this.#add(id);
  }

  async #read(): Promise<void> {
    const { store, audience, order } = this.#options;
    const ids = (await store.listBroadcasts()).map(({ id }) => id);
    await order.follow(ids);
    for (const id of ids) audience.hearEverybodys(id);
    this.#isRead = true;
    for (const id of this.#heard) this.#add(id);
    this.#heard.clear();
  }

  #add(id: number): void {
    const { audience, order } = this.#options;
    if (audience.everybodys.has(id)) return;
    audience.hearEverybodys(id);
    order.followFrom(id, 0, 0, false);
  }
}
