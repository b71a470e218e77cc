import { setTimeout as delay } from "node:timers/promises";
import type { Address, Dialect } from "../dialects/dialect.ts";
import { type HistoryPage, historyFrame, historyIn, timeIn } from "../dialects/i2a-reading.ts";
import { Connection, type Tally } from "../wire/connection.ts";
import { clientFrame, opcode } from "../wire/frames.ts";

/** Doubled after each attempt in vain. */
const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 2000;
const ANSWER_MILLIS = 10_000;

export interface ReturningOptions {
  dialect: Dialect;
  tally: Tally;
  /** Where it may connect when its node is gone. */
  refuges: readonly Address[];
  /** It waits a random time up to this before its first attempt. */
  spreadMillis: number;
  /** Told of each chat message that comes live. */
  onMessage(client: ReturningClient, bytes: Uint8Array, start: number, end: number): void;
}

/**
 * A client as a good SDK behaves: when its connection is lost it connects elsewhere, and reads history back to where it
 * stood. It knows which messages it has.
 */
export class ReturningClient {
  /** Ids of the messages that it has, live or from history. */
  readonly known = new Set<number>();
  readonly seat: Connection["seat"];
  /** Null while it is away. */
  connection: Connection | null = null;
  /** When its connection was lost first, and when it had caught up after, in `performance.now()`; null: not yet. */
  lostAt: number | null = null;
  backAt: number | null = null;
  readonly #options: ReturningOptions;
  #newest = 0;

  constructor(connection: Connection, options: ReturningOptions) {
    this.seat = connection.seat;
    this.#options = options;
    this.#hear(connection);
    this.#hold(connection);
  }

  #hear(connection: Connection): void {
    connection.onMessage = (bytes, start, end) => {
      this.#remember(timeIn(bytes, start, end));
      this.#options.onMessage(this, bytes, start, end);
    };
  }

  #hold(connection: Connection): void {
    this.connection = connection;
    connection.onLost = () => {
      this.connection = null;
      this.lostAt ??= performance.now();
      this.backAt = null;
      void this.#comeBack();
    };
  }

  #remember(time: number): void {
    this.known.add(time);
    if (time > this.#newest) this.#newest = time;
  }

  async #comeBack(): Promise<void> {
    const { refuges, spreadMillis, dialect, tally } = this.#options;
    // A node delivers a conversation in its order, so what is older is known.
    const stoodAt = this.#newest;
    await delay(Math.random() * spreadMillis);
    for (let pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      const refuge = refuges[Math.floor(Math.random() * refuges.length)] as Address;
      const connection = new Connection({ ...this.seat, ...refuge }, dialect, tally);
      this.#hear(connection);
      try {
        await connection.open();
        await this.#catchUp(connection, stoodAt);
        this.#hold(connection);
        this.backAt = performance.now();
        return;
      } catch {
        connection.close();
        await delay(pause * (0.5 + Math.random() / 2));
      }
    }
  }

  /** Reads pages from the newest back until one reaches what it had. */
  async #catchUp(connection: Connection, stoodAt: number): Promise<void> {
    for (let before: number | null = null; ; ) {
      const page: HistoryPage = await this.#ask(connection, before);
      for (const time of page.times) this.#remember(time);
      const oldest = page.times.at(-1);
      if (page.isLast || oldest === undefined || oldest <= stoodAt) return;
      before = oldest;
    }
  }

  #ask(connection: Connection, before: number | null): Promise<HistoryPage> {
    const answer = Promise.withResolvers<HistoryPage>();
    const timer = setTimeout(() => answer.reject(new Error("no answer")), ANSWER_MILLIS);
    connection.onOther = (bytes, start, end) => {
      const page = historyIn(bytes, start, end);
      if (page !== null) answer.resolve(page);
    };
    connection.onLost = () => answer.reject(new Error("lost again"));
    connection.send(clientFrame(opcode.text, historyFrame(this.seat.room, before)));
    return answer.promise.finally(() => {
      clearTimeout(timer);
      connection.onOther = null;
      connection.onLost = null;
    });
  }
}
