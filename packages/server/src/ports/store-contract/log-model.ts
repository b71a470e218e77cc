/** A conversation as a plain list: what every store must agree with, by counting anew. */

export interface ModelMessage {
  sentAt: number;
  seq: number;
  senderId: string | null;
  content: string;
  isCounted: boolean;
  toUserIds: string[] | null;
  mentioned: string[];
  mentionsAll: boolean;
  recalled: "" | "recalled" | "deleted";
  isHidden: boolean;
  keys: Map<string, string>;
}

export class LogModel {
  readonly messages: ModelMessage[] = [];
  readonly marks = new Map<string, number>();
  readonly members = new Set<string>(["ann", "ben"]);
  /** Entries of the log: messages, and changes that changed something. */
  entries = 0;

  isFor(userId: string, { toUserIds, senderId }: ModelMessage): boolean {
    return toUserIds === null || senderId === userId || toUserIds.includes(userId);
  }

  isActive({ recalled, isHidden }: ModelMessage): boolean {
    return recalled === "" && !isHidden;
  }

  /** Whether history shows it, were it but as recalled. */
  isShown(message: ModelMessage): boolean {
    return this.isActive(message) || (message.recalled === "recalled" && !message.isHidden);
  }

  #unread(userId: string): ModelMessage[] {
    const mark = this.marks.get(userId) ?? 0;
    return this.messages.filter(
      (message) =>
        message.isCounted && this.isActive(message) && this.isFor(userId, message) && message.sentAt > mark,
    );
  }

  unread(userId: string): number {
    return this.#unread(userId).length;
  }

  mentions(userId: string): number {
    return this.#unread(userId).filter(
      ({ senderId, mentioned, mentionsAll }) =>
        senderId !== userId && (mentionsAll || mentioned.includes(userId)),
    ).length;
  }

  history(userId: string): ModelMessage[] {
    return this.messages.filter((message) => this.isShown(message) && this.isFor(userId, message)).reverse();
  }

  /** Where a mark up to this time comes to stand: on a message that is for the user. */
  markAt(userId: string, upTo: number): ModelMessage | undefined {
    return this.messages.findLast((message) => message.sentAt <= upTo && this.isFor(userId, message));
  }
}
