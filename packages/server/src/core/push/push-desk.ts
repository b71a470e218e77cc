import type { Conversation, Message, Micros, NewMessage } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import type { SendMessage } from "../messages/send-message.ts";
import { hasDefaultText } from "./default-texts.ts";
import { PushGate } from "./push-gate.ts";
import type { PushWish } from "./push-wish.ts";

/** A message whose row is in the outbox, held for this node. */
export interface PlannedPush {
  core: Core;
  conversation: Conversation;
  message: Message;
  wish: PushWish;
  /** Milliseconds, by this node's monotonic clock. */
  since: number;
}

export interface PushQueue {
  /** How long a row of the outbox belongs to who wrote it. */
  readonly hold: number;
  add(push: PlannedPush): void;
  /** A notification of an app's own is due. */
  wakeForJobs(): void;
  /** Whether the user has a connection to this node, of which the store may not know yet. */
  isHere(appId: number, userId: string): boolean;
}

const longestText = 4096;

/** One app's way to have people notified of messages: asked before a message is stored, and told after. */
export class PushDesk {
  readonly #queue: PushQueue | null;
  readonly #gate: PushGate;

  /** Without a queue nobody is notified. */
  constructor(store: ConstructorParameters<typeof PushGate>[0], queue: PushQueue | null) {
    this.#queue = queue;
    this.#gate = new PushGate(store);
  }

  /** What is stored with the message; null: nobody can be notified, or nobody is meant to be. */
  plan({
    conversation,
    type,
    push,
  }: Pick<SendMessage, "type" | "push"> & { conversation: Pick<Conversation, "kind"> }): NewMessage["push"] {
    if (this.#queue === null || !this.#gate.isOpen || conversation.kind === "chatroom" || push?.isDisabled)
      return null;
    const hasWords = push?.text !== undefined || push?.isContentAvailable || hasDefaultText(type);
    if (!hasWords) return null;
    const wish = push === undefined ? null : JSON.stringify(bounded(push));
    return { wish: wish === "{}" ? null : wish, hold: this.#queue.hold };
  }

  /** It is stored now. */
  accept(core: Core, conversation: Conversation, message: Message, wish: PushWish | undefined): void {
    const since = performance.now();
    this.#queue?.add({ core, conversation, message, wish: wish ? bounded(wish) : {}, since });
  }

  /** Whether a user of the app has a connection to this node. */
  isHere(core: Core, userId: string): boolean {
    return this.#queue?.isHere(core.app.id, userId) ?? false;
  }

  wakeForJobs(): void {
    this.#queue?.wakeForJobs();
  }

  /** Somebody can be notified since now. */
  open(): void {
    this.#gate.open();
  }
}

const bounded = ({ text, data, ...wish }: PushWish): PushWish => ({
  ...wish,
  ...(text !== undefined && { text: text.slice(0, longestText) }),
  ...(data !== undefined && { data: data.slice(0, longestText) }),
});

/** The key of a row of the outbox. */
export const placeOf = ({ conversation, message }: Pick<PlannedPush, "conversation" | "message">) => ({
  conversationId: conversation.id,
  sentAt: message.sentAt satisfies Micros,
});
