import type { Message } from "../../ports/store.ts";

const most = 500;
/** UTF-16 units; longer ones are not remembered. */
const longest = 8192;

/**
 * What people wrote on this node just now, where words were replaced in it. A message that comes to its author by way of
 * the log, because the news of it were late, shows there what they wrote nevertheless.
 */
export class Originals {
  readonly #byPlace = new Map<string, string>();

  add(message: Message, original: string): void {
    if (original.length > longest) return;
    this.#byPlace.set(placeOf(message), original);
    if (this.#byPlace.size <= most) return;
    const oldest = this.#byPlace.keys().next();
    if (!oldest.done) this.#byPlace.delete(oldest.value);
  }

  of(message: Message): string | undefined {
    if (this.#byPlace.size === 0 || message.changeSeq !== undefined) return undefined;
    return this.#byPlace.get(placeOf(message));
  }
}

const placeOf = ({ conversationId, seq }: Message): string => `${conversationId}/${seq}`;
