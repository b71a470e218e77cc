import type { Change, ChatroomKey, Message } from "@parlance/protocol";
import { applyChange, isVisible } from "./apply-change.ts";
import { indexOfSeq, putInOrder } from "./sorted.ts";

const mostMessages = 500;

/** The newest messages and the keys of a chatroom. A chatroom drops what is too much, so gaps in it mean nothing. */
export class ChatroomLog {
  readonly keys = new Map<string, ChatroomKey>();
  memberCount = 0;
  #messages: Message[] = [];

  visible(): Message[] {
    return this.#messages.filter(isVisible);
  }

  get newestSeq(): number {
    return this.#messages.at(-1)?.seq ?? 0;
  }

  add(messages: readonly Message[]): void {
    for (const message of messages) {
      const held = this.#messages[indexOfSeq(this.#messages, message.seq)];
      const isOlder = held?.seq === message.seq && (held.changeSeq ?? 0) > (message.changeSeq ?? 0);
      if (!isOlder) putInOrder(this.#messages, message);
    }
    if (this.#messages.length > mostMessages) this.#messages = this.#messages.slice(-mostMessages);
  }

  change(change: Change): void {
    const at = indexOfSeq(this.#messages, change.change.seq);
    const held = this.#messages[at];
    if (held?.seq === change.change.seq) this.#messages[at] = applyChange(held, change) ?? held;
  }

  /** The latest of each key wins; one without a value is gone, but remembered until something later comes. */
  setKeys(keys: readonly ChatroomKey[]): void {
    for (const key of keys) if (key.at >= (this.keys.get(key.key)?.at ?? 0)) this.keys.set(key.key, key);
  }

  /** What is told next are all keys there are; but what changed after that moment was told since. */
  forgetKeys(upTo: number): void {
    for (const [name, { at }] of this.keys) if (at <= upTo) this.keys.delete(name);
  }

  knownKeysAt(): number {
    let latest = 0;
    for (const { at } of this.keys.values()) latest = Math.max(latest, at);
    return latest;
  }

  clear(): void {
    this.#messages = [];
    this.keys.clear();
    this.memberCount = 0;
  }
}
