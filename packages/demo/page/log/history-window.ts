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
  /** Stands for the page that is asked for. What is asked meanwhile for another place takes its place. */
  #underWay: object | null = null;
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

  older = async (): Promise<void> => {
    const { messages, hasOlder } = this.stretch;
    const before = messages[0]?.sentAt;
    if (this.#underWay || !hasOlder || before === undefined) return;
    if (this.#past.length === 0 && messages.length < mostLive)
      return this.#load(this.#conversation.loadOlder(page), () => this.#conversation.messages !== messages);
    await this.#load(this.#conversation.history({ before, limit: page }), (found) => {
      if (this.#past.length === 0) this.#joint = before;
      this.#past = [...found.messages, ...this.#past];
      this.#hasOlder = found.hasMore;
      if (this.#past.length > mostPast) {
        this.#past = this.#past.slice(0, mostPast);
        this.#joint = null;
      }
      return true;
    });
  };

  newer = async (): Promise<void> => {
    const after = this.#past.at(-1)?.sentAt;
    if (this.#underWay || this.#joint !== null || after === undefined) return;
    await this.#load(this.#conversation.history({ after, limit: page }), (found) => {
      this.#append(found);
      if (this.#past.length > mostPast) {
        this.#past = this.#past.slice(-mostPast);
        this.#hasOlder = true;
      }
      return true;
    });
  };

  toOldest = (): Promise<void> =>
    this.#load(this.#conversation.history({ after: 0, limit: page }), (found) => {
      this.#past = [];
      this.#append(found);
      this.#hasOlder = false;
      return true;
    });

  /** Back to the live end; what the SDK gathered while somebody was reading is let go. */
  toNewest = (): void => {
    this.#underWay = null;
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

  /**
   * `take` is called unless another place was wanted meanwhile: the page would not fit to what is shown there. It says
   * whether it changed anything: who draws that asks for more, and would never end.
   */
  async #load<Found>(asked: Promise<Found>, take: (found: Found) => boolean): Promise<void> {
    const own = {};
    this.#underWay = own;
    // Offline, or the conversation is gone: the next scroll tries again.
    const found = await asked.then(
      (found) => ({ found }),
      () => null,
    );
    if (this.#underWay !== own) return;
    this.#underWay = null;
    if (found && take(found.found)) this.#changed();
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
