import type { ConversationRef } from "@parlance/protocol";
import type { Environment } from "../environment.ts";
import { keyOf } from "./conversation-key.ts";

/** A signal of typing holds this long; who goes on typing sends one every `sendMs`. */
const holdMs = 6000;
const sendMs = 3000;

const nobody: string[] = [];

/** Who is typing where. */
export class Typing {
  #environment: Environment;
  #onChanged: (conversation: ConversationRef, userIds: string[]) => void;
  #timers = new Map<string, Map<string, unknown>>();
  #lists = new Map<string, string[]>();
  #sentAt = new Map<string, number>();

  constructor(
    environment: Environment,
    onChanged: (conversation: ConversationRef, userIds: string[]) => void,
  ) {
    this.#environment = environment;
    this.#onChanged = onChanged;
  }

  /** The same list until it changes. */
  of(key: string): string[] {
    return this.#lists.get(key) ?? nobody;
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
    if (isNew) this.#changed(conversation, key);
  }

  /** Whoever sent a message has typed it. */
  ended(conversation: ConversationRef, userId: string | null): void {
    const key = keyOf(conversation);
    const timers = this.#timers.get(key);
    if (!timers || userId === null || !timers.has(userId)) return;
    this.#environment.clearTimeout(timers.get(userId));
    timers.delete(userId);
    this.#changed(conversation, key);
  }

  /** Whether it is time to tell the others again that this user types. */
  isDue(key: string): boolean {
    const now = this.#environment.now();
    if (now - (this.#sentAt.get(key) ?? 0) < sendMs) return false;
    this.#sentAt.set(key, now);
    return true;
  }

  #changed(conversation: ConversationRef, key: string): void {
    const userIds = [...(this.#timers.get(key)?.keys() ?? [])];
    if (userIds.length > 0) this.#lists.set(key, userIds);
    else {
      this.#timers.delete(key);
      this.#lists.delete(key);
    }
    this.#onChanged(conversation, this.of(key));
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
