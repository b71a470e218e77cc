/**
 * The stretch of a conversation that is on the page: its live end as the SDK holds it, and before that some pages of
 * history. However far somebody scrolls, no more than `mostPast` messages of history are held: what is dropped at one
 * end is loaded again when they come back.
 */

import type { Client, Conversation, ShownMessage } from "@parlance/client";

const page = 100;
const mostPast = 300;
/** Live messages, beyond which older ones are held here; so many more may arrive before the SDK starts anew. */
const mostLive = 150;
const tooManyLive = 600;

export interface Stretch {
  messages: readonly ShownMessage[];
  hasOlder: boolean;
  /** False: it reaches the newest message. */
  hasNewer: boolean;
}

export class HistoryWindow {
  readonly #client: Client;
  readonly #conversation: Conversation;
  readonly #stops: (() => void)[];
  #listeners = new Set<() => void>();
  #past: ShownMessage[] = [];
  #hasOlder = false;
  /** The live message that the past ends before; null: there is a gap between them. */
  #joint: number | null = null;
  #isLoading = false;
  #stretch: Stretch | null = null;

  constructor(client: Client, conversation: Conversation) {
    this.#client = client;
    this.#conversation = conversation;
    this.#stops = [
      conversation.on("messages", () => this.#onLive()),
      client.on("change", ({ conversation: { kind, id }, change }) => {
        if (kind === conversation.ref.kind && id === conversation.ref.id) void this.#refresh(change.of);
      }),
    ];
    void conversation.open();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#conversation.close();
  }

  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same object until something changes. */
  get stretch(): Stretch {
    const live = this.#conversation.messages;
    this.#stretch ??=
      this.#past.length === 0
        ? { messages: live, hasOlder: this.#conversation.hasOlder, hasNewer: false }
        : {
            messages: this.#joint === null ? this.#past : [...this.#past, ...live],
            hasOlder: this.#hasOlder,
            hasNewer: this.#joint === null,
          };
    return this.#stretch;
  }

  older = (): Promise<void> =>
    this.#load(async () => {
      const { messages, hasOlder } = this.stretch;
      const before = messages[0]?.sentAt;
      if (!hasOlder || before === undefined) return false;
      if (this.#past.length === 0 && messages.length < mostLive) {
        await this.#conversation.loadOlder(page);
        return this.#conversation.messages !== messages;
      }
      const found = await this.#conversation.history({ before, limit: page });
      if (this.#past.length === 0) this.#joint = before;
      this.#past = [...found.messages, ...this.#past];
      this.#hasOlder = found.hasMore;
      if (this.#past.length > mostPast) {
        this.#past = this.#past.slice(0, mostPast);
        this.#joint = null;
      }
      return true;
    });

  newer = (): Promise<void> =>
    this.#load(async () => {
      const after = this.#past.at(-1)?.sentAt;
      if (this.#joint !== null || after === undefined) return false;
      this.#append(await this.#conversation.history({ after, limit: page }));
      if (this.#past.length > mostPast) {
        this.#past = this.#past.slice(-mostPast);
        this.#hasOlder = true;
      }
      return true;
    });

  toOldest = (): Promise<void> =>
    this.#load(async () => {
      const found = await this.#conversation.history({ after: 0, limit: page });
      this.#past = [];
      this.#append(found);
      this.#hasOlder = false;
      return true;
    });

  /** Back to the live end; what the SDK gathered while somebody was reading is let go. */
  toNewest = (): void => {
    this.#past = [];
    this.#joint = null;
    if (this.#conversation.messages.length > tooManyLive) {
      this.#conversation.close();
      void this.#conversation.open();
    }
    this.#changed();
  };

  #append({ messages, hasMore }: { messages: ShownMessage[]; hasMore: boolean }): void {
    const live = this.#conversation.messages[0]?.sentAt ?? Number.POSITIVE_INFINITY;
    const fresh = messages.filter(({ sentAt }) => sentAt < live);
    this.#past = [...this.#past, ...fresh];
    this.#joint = fresh.length < messages.length || !hasMore ? live : null;
  }

  /** One page at a time. `work` says whether it changed anything: who draws that may ask for more. */
  async #load(work: () => Promise<boolean>): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    let hasChanged = false;
    try {
      hasChanged = await work();
    } catch {
      // Offline, or the conversation is gone: the next scroll tries again.
    } finally {
      this.#isLoading = false;
      if (hasChanged) this.#changed();
    }
  }

  #onLive(): void {
    const first = this.#conversation.messages[0]?.sentAt;
    // The SDK began anew, further on: between the past and the live end something is missing.
    if (this.#joint !== null && first !== undefined && first > this.#joint) this.#joint = null;
    this.#changed();
  }

  /** A message of the past was changed; those of the live end the SDK keeps. */
  async #refresh(sentAt: number): Promise<void> {
    if (!this.#past.some((message) => message.sentAt === sentAt)) return;
    const params = { conversation: this.#conversation.ref, sentAt };
    const found = await this.#client.request("message.get", params).catch(() => null);
    this.#past = this.#past.flatMap((held) =>
      held.sentAt === sentAt ? (found ? [found.message] : []) : [held],
    );
    this.#changed();
  }

  #changed(): void {
    this.#stretch = null;
    for (const listener of this.#listeners) listener();
  }
}
