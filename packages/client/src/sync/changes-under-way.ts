import type { Change, Message } from "@parlance/protocol";
import { applyChange } from "./apply-change.ts";

/**
 * Changes that were taken in while a page of older messages was on its way: the page may have been read before them, and
 * their messages were not there yet to be changed.
 */
export class ChangesUnderWay {
  #pages = new Set<Change[]>();

  note(change: Change): void {
    for (const page of this.#pages) page.push(change);
  }

  begin(): { applyTo(message: Message): Message; end(): void } {
    const changes: Change[] = [];
    this.#pages.add(changes);
    return {
      applyTo: (message) =>
        changes
          .filter(({ change }) => change.seq === message.seq)
          .reduce((present, change) => applyChange(present, change) ?? present, message),
      end: () => void this.#pages.delete(changes),
    };
  }
}
