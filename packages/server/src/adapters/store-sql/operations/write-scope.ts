import type { Micros } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";

/** What a writing operation works with: an open transaction, and the database's source of ids and times. */
export interface WriteScope {
  db: Db;
  /** Microseconds since the epoch, unique in the deployment, and above every tick that a finished write took. */
  nextTick(): Micros | Promise<Micros>;
  /** No other transaction adds to this conversation's log until this one ends. */
  holdConversation(appId: number, conversationId: number): void | Promise<void>;
  /** No other transaction changes the sessions of this user, who exists, until this one ends. */
  holdUser(appId: number, userId: string): void | Promise<void>;
}
