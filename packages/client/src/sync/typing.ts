import type { ConversationRef } from "@parlance/protocol";
import type { Environment } from "../environment.ts";
import { keyOf } from "./conversation-key.ts";

/** A signal of typing holds this long; who goes on typing sends one every `sendMs`. */
const holdMs = 6000;
const sendMs = 3000;

/** Who is typing where. */
export class Typing {
  #environment: Environment;
  #onChanged: (conversation: ConversationRef, userIds: string[]) => void;
  #timers = new Map<string, Map<string, unknown>>();
  #sentAt = new Map<string, number>();

  constructor(
    environment: Environment,
    onChanged: (conversation: ConversationRef, userIds: string[]) => void,
  ) {
    this.#environment = environment;
    this.#onChanged = onChanged;
  }

  of(key: string): string[] {
    return [...(this.#timers.get(key)?.keys() ?? [])];
  }

  began(conversation: ConversationRef, userId: string): void {
    const key = keyOf(conversation);
    const timers = this.#timers.get(key) ?? new Map<string, unknown>();
    this.#timers.set(key, timers);
    const isNew = !timers.has(userId);
    this.#environment.clearTimeout(timers.get(userId));
    timers.set(
      userId,
      this.#environment.setTimeout(() => this.ended(conversation, userId), holdMs),
    );
    if (isNew) this.#onChanged(conversation, this.of(key));
  }

  /** Whoever sent a message has typed it. */
  ended(conversation: ConversationRef, userId: string | null): void {
    const key = keyOf(conversation);
    const timers = this.#timers.get(key);
    if (!timers || userId === null || !timers.has(userId)) return;
    this.#environment.clearTimeout(timers.get(userId));
    timers.delete(userId);
    if (timers.size === 0) this.#timers.delete(key);
    this.#onChanged(conversation, this.of(key));
  }

  /** Whether it is time to tell the others again that this user types. */
  isDue(key: string): boolean {
    const now = this.#environment.now();
    if (now - (this.#sentAt.get(key) ?? 0) < sendMs) return false;
    this.#sentAt.set(key, now);
    return true;
  }

  /** A message of one's own ends it: the next key is told at once. */
  sent(key: string): void {
    this.#sentAt.delete(key);
  }

  close(): void {
    for (const timers of this.#timers.values())
      for (const timer of timers.values()) this.#environment.clearTimeout(timer);
    this.#timers.clear();
  }
}
