/** Read marks that the server has yet to hear of: the farthest of each conversation, kept until it was told. */

import type { EventData } from "@parlance/protocol";
import { isRetryable } from "../error.ts";
import { refOf } from "./conversation-key.ts";
import { insist, type Link } from "./link.ts";

export class ReadMarks {
  #link: Link;
  #onMoved: (mark: EventData<"readMark">) => void;
  #waiting = new Map<string, number>();
  #busy = new Set<string>();

  constructor(link: Link, onMoved: (mark: EventData<"readMark">) => void) {
    this.#link = link;
    this.#onMoved = onMoved;
  }

  async load(): Promise<void> {
    for (const [key, sentAt] of await this.#link.persistence.load("mark/"))
      this.#note(key.slice("mark/".length), sentAt as number);
  }

  /** The message up to which the user has read but the server doesn't know; 0: none. */
  waitingOf(key: string): number {
    return this.#waiting.get(key) ?? 0;
  }

  move(key: string, sentAt: number): void {
    this.#note(key, sentAt);
    void this.#tell(key);
  }

  resume(): void {
    for (const key of this.#waiting.keys()) void this.#tell(key);
  }

  #note(key: string, sentAt: number): void {
    if (sentAt <= this.waitingOf(key)) return;
    this.#waiting.set(key, sentAt);
    this.#link.persistence.changed(`mark/${key}`, () => this.#waiting.get(key));
  }

  async #tell(key: string): Promise<void> {
    if (this.#busy.has(key)) return;
    this.#busy.add(key);
    while (this.#waiting.has(key) && this.#link.isOnline()) {
      const sentAt = this.waitingOf(key);
      const conversation = refOf(key);
      try {
        const { readMark } = await insist(this.#link, "conversation.markRead", { conversation, sentAt });
        this.#onMoved({ conversation, userId: this.#link.userId, ...readMark });
      } catch (error) {
        if (isRetryable(error)) continue;
      }
      if (this.waitingOf(key) === sentAt) this.#waiting.delete(key);
      this.#link.persistence.changed(`mark/${key}`, () => this.#waiting.get(key));
    }
    this.#busy.delete(key);
  }
}
