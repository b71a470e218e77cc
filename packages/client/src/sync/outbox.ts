/**
 * Messages on their way: kept in the cache, sent one after the other in each conversation, repeated with the same client
 * id until the server stored or refused them.
 */

import type { ConversationRef, ErrorBody, ParamsOf, Position } from "@parlance/protocol";
import { backOff } from "../connection/back-off.ts";
import { isRetryable, localError, type ParlanceError } from "../error.ts";
import { keyOf } from "./conversation-key.ts";
import type { Link } from "./link.ts";

export interface Outgoing {
  readonly conversation: ConversationRef;
  readonly params: ParamsOf<"message.send">;
  /** The client's clock, microseconds. */
  readonly createdAt: number;
  /** Where it stands in the log, once it does. */
  position?: Position;
  /** Why the server refused it. */
  refusal?: Pick<ErrorBody, "code" | "name" | "message" | "isRetryable">;
}

interface Waiter {
  resolve(position: Position): void;
  reject(error: ParlanceError): void;
}

export interface OutboxEvents {
  /** One was added, stored, refused or dropped. */
  onOutbox(conversation: ConversationRef): void;
  onStored(conversation: ConversationRef, position: Position): void;
}

const mostWaiting = 1000;

export class Outbox {
  #link: Link;
  #events: OutboxEvents;
  #items = new Map<string, Outgoing>();
  #waiters = new Map<string, Waiter>();
  #busy = new Set<string>();
  /** By conversation: ends the pause before another try that nobody asked for. */
  #pauses = new Map<string, () => void>();
  #lastCreatedAt = 0;

  constructor(link: Link, events: OutboxEvents) {
    this.#link = link;
    this.#events = events;
  }

  async load(): Promise<void> {
    const kept = (await this.#link.persistence.load("outbox/")).map(([, value]) => value as Outgoing);
    const added = [...this.#items];
    this.#items.clear();
    for (const item of kept.sort((one, other) => one.createdAt - other.createdAt))
      this.#items.set(item.params.clientId, item);
    for (const [clientId, item] of added) this.#items.set(clientId, item);
  }

  /** Resolves when it is stored; rejects when it is refused. It is kept in both cases until then. */
  add(params: ParamsOf<"message.send">): Promise<Position> {
    if (this.#items.size >= mostWaiting) return Promise.reject(localError("outboxFull"));
    const { conversation, clientId } = params;
    this.#lastCreatedAt = Math.max(this.#lastCreatedAt + 1, this.#link.environment.now() * 1000);
    const item: Outgoing = { conversation, params, createdAt: this.#lastCreatedAt };
    const stored = new Promise<Position>((resolve, reject) =>
      this.#waiters.set(clientId, { resolve, reject }),
    );
    // Whoever doesn't wait sees the refusal in the list of messages.
    stored.catch(() => {});
    this.#put(item);
    void this.#pump(keyOf(conversation));
    return stored;
  }

  /** What waits or was refused, oldest first. */
  of(key: string): Outgoing[] {
    return [...this.#items.values()].filter(({ conversation }) => keyOf(conversation) === key);
  }

  /** Sends a refused one again. */
  retry(clientId: string): void {
    const item = this.#items.get(clientId);
    if (!item?.refusal) throw localError("notSent");
    const { refusal: _refusal, ...again } = item;
    this.#put(again);
    void this.#pump(keyOf(item.conversation));
  }

  /** Gives up one that was refused. */
  discard(clientId: string): void {
    const item = this.#items.get(clientId);
    if (!item?.refusal) throw localError("notSent");
    this.#drop(item);
  }

  /** It was seen in the log, whether or not the reply came. */
  stored(clientId: string, position: Position): void {
    const item = this.#items.get(clientId);
    if (!item || item.position) return;
    item.position = position;
    this.#waiters.get(clientId)?.resolve(position);
    this.#waiters.delete(clientId);
    // Known to be stored, it must not be sent by the next run of the program.
    this.#link.persistence.changed(`outbox/${clientId}`, () => undefined);
    this.#events.onStored(item.conversation, position);
  }

  /** Those up to there are shown by the log. */
  release(key: string, throughSeq: number): void {
    for (const item of this.of(key))
      if (item.position && item.position.seq <= throughSeq) this.#items.delete(item.params.clientId);
  }

  resume(): void {
    for (const key of new Set([...this.#items.values()].map(({ conversation }) => keyOf(conversation)))) {
      this.#pauses.get(key)?.();
      void this.#pump(key);
    }
  }

  /** The program ends: what waits is sent by its next run. */
  close(): void {
    for (const { reject } of this.#waiters.values()) reject(localError("closed"));
    this.#waiters.clear();
  }

  #next(key: string): Outgoing | undefined {
    return this.of(key).find(({ position, refusal }) => !position && !refusal);
  }

  async #pump(key: string): Promise<void> {
    if (this.#busy.has(key)) return;
    this.#busy.add(key);
    let failures = 0;
    for (let item = this.#next(key); item && this.#link.isOnline(); item = this.#next(key))
      try {
        const { seq, sentAt } = await this.#link.request("message.send", item.params);
        failures = 0;
        this.stored(item.params.clientId, { seq, sentAt });
      } catch (error) {
        if (!isRetryable(error)) this.#refuse(item, error as ParlanceError);
        else if (this.#link.isOnline())
          await this.#pause(key, failures++, (error as ParlanceError).retryAfterMs);
      }
    this.#busy.delete(key);
  }

  /** A new connection ends it, unless the server said how long it has to be. */
  #pause(key: string, failures: number, hint: number): Promise<void> {
    const { environment } = this.#link;
    return new Promise((resolve) => {
      const timer = environment.setTimeout(() => end(), backOff(failures, hint, environment.random));
      const end = () => {
        environment.clearTimeout(timer);
        this.#pauses.delete(key);
        resolve();
      };
      if (hint === 0) this.#pauses.set(key, end);
    });
  }

  #refuse(item: Outgoing, error: ParlanceError): void {
    const { clientId } = item.params;
    if (item.position) return;
    const { code, name, message } = error;
    this.#waiters.get(clientId)?.reject(error);
    this.#waiters.delete(clientId);
    this.#put({ ...item, refusal: { code, name, message, isRetryable: false } });
  }

  #put(item: Outgoing): void {
    const { clientId } = item.params;
    this.#items.set(clientId, item);
    this.#link.persistence.changedAtOnce(`outbox/${clientId}`, () => {
      const present = this.#items.get(clientId);
      return present?.position ? undefined : present;
    });
    this.#events.onOutbox(item.conversation);
  }

  #drop(item: Outgoing): void {
    const { clientId } = item.params;
    this.#items.delete(clientId);
    this.#link.persistence.changed(`outbox/${clientId}`, () => undefined);
    this.#events.onOutbox(item.conversation);
  }
}
