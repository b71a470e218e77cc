import type { EventData } from "@parlance/protocol";
import { countCap } from "../../core/conversations/bounds.ts";
import type { AppGateway } from "../../gateway/app-gateway.ts";
import type { Conversation } from "../../ports/store.ts";
import { refFor } from "./conversations.ts";
import { eventFrame, type LiveFrame } from "./live-frames.ts";
import { toConversationChanges } from "./wire-state.ts";

type Tell = (userId: string, frame: LiveFrame) => void;

/** Users read at the same time. */
const mostAtOnce = 8;

/**
 * Tells users of one app how a conversation stands for them now, after something changed that no event says in full.
 * One user's conversations are read one after the other, so that an older state never follows a newer one, and what
 * changes again before it was read is read once.
 */
export class OwnStates {
  readonly #app: AppGateway;
  readonly #tell: Tell;
  readonly #onError: (error: unknown) => void;
  /** By user, what is to be read; a user stays in as long as one is being read. */
  readonly #waiting = new Map<string, Map<number, Conversation>>();
  readonly #queue: string[] = [];
  #active = 0;

  constructor(app: AppGateway, tell: Tell, onError: (error: unknown) => void) {
    this.#app = app;
    this.#tell = tell;
    this.#onError = onError;
  }

  refresh(userId: string, conversation: Conversation): void {
    const known = this.#waiting.get(userId);
    if (known) {
      known.set(conversation.id, conversation);
      return;
    }
    this.#waiting.set(userId, new Map([[conversation.id, conversation]]));
    this.#queue.push(userId);
    this.#next();
  }

  #next(): void {
    while (this.#active < mostAtOnce) {
      const userId = this.#queue.shift();
      if (userId === undefined) return;
      this.#active++;
      void this.#readAll(userId).finally(() => {
        this.#active--;
        this.#next();
      });
    }
  }

  async #readAll(userId: string): Promise<void> {
    const waiting = this.#waiting.get(userId) as Map<number, Conversation>;
    try {
      while (waiting.size > 0 && this.#app.audience.find(userId)) {
        const conversations = [...waiting.values()].slice(0, 100);
        for (const { id } of conversations) waiting.delete(id);
        await this.#read(userId, conversations);
      }
    } catch (error) {
      this.#onError(error);
      // Whatever it was that could not be read, a synchronisation brings it.
      this.#tell(userId, eventFrame("reload", {}));
    } finally {
      this.#waiting.delete(userId);
    }
  }

  async #read(userId: string, conversations: readonly Conversation[]): Promise<void> {
    const { core } = this.#app;
    const ids = conversations.map(({ id }) => id);
    const stored = await core.store.listConversationStates(userId, ids, countCap);
    const changes = await toConversationChanges(core, userId, stored);
    const found = new Set(stored.map(({ conversation }) => conversation.id));
    for (const change of changes)
      this.#tell(userId, eventFrame("conversation", change as EventData<"conversation">));
    for (const conversation of conversations) {
      if (found.has(conversation.id) || conversation.kind === "chatroom") continue;
      const gone = {
        conversation: refFor(conversation, userId),
        isRemoved: true,
        changedAt: Date.now() * 1000,
      } as const;
      this.#tell(userId, eventFrame("conversation", gone));
    }
  }
}
