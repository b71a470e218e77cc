import type { Micros } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";

/** A log that is stored month by month. */
export interface Months {
  /** The beginning of the month: what is later waits until it is dropped or removed with all of its month. */
  startOf(time: Micros): Micros;
  /** Drops one month whose messages are all past their app's retention by `now`; false if there is none. */
  dropOne(now: Micros): Promise<boolean>;
}

export interface Head {
  seq: number;
  sentAt: Micros;
  counted: number;
}

/** What a writing operation works with: an open transaction, and the database's source of ids and times. */
export interface WriteScope {
  db: Db;
  /** Microseconds since the epoch, unique in the deployment, and above every tick that a finished write took. */
  nextTick(): Micros | Promise<Micros>;
  /**
   * Where the log of this conversation ends, while no other transaction adds to it until this one ends; undefined if
   * there is no such conversation.
   */
  holdHead(appId: number, conversationId: number): Promise<Head | undefined>;
  /** A time for the next entry of a log that ends at `last`, by the clock that appends go by. */
  nextSentAt(last: Micros): Micros;
  /** No other transaction changes the sessions of this user, who exists, until this one ends. */
  holdUser(appId: number, userId: string): void | Promise<void>;
  /** Null: the log is one table. */
  months: Months | null;
  /** No other transaction that holds this app runs until this one ends. */
  holdApp(appId: number): void | Promise<void>;
}
