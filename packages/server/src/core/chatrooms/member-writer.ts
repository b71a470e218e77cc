import { ParlanceError } from "../../errors.ts";
import type { AppStore, Conversation, Head } from "../../ports/store.ts";
import type { ChatroomChange, ChatroomPlace } from "../../ports/store-chatrooms.ts";
import type { CoreEvent } from "../events.ts";
import { announceChange } from "./announce.ts";

export interface MemberWriterOptions {
  store: AppStore;
  publish(event: CoreEvent): void;
  /** Chatrooms that one user may be in. */
  most: number;
}

/** A chatroom as a batch of joins found it; all who came by it share what is read for them. */
export interface Entrance {
  conversation: Conversation;
  /** Where the log ended: what comes after it is heard live. */
  seq: number;
  memberCount: number;
}

interface Wish {
  conversation: Conversation;
  place: ChatroomPlace;
  isJoin: boolean;
  resolve(entrance: Entrance | null): void;
  reject(error: unknown): void;
}

/** Wishes written at once. */
const batchSize = 1000;
/** Milliseconds that wishes gather before a batch that nobody waited for. */
const gathering = 10;
/** Wishes that may wait; one more is refused. */
const mostWaiting = 20_000;

const nameOf = ({ conversationId, userId }: ChatroomPlace): string => `${conversationId}/${userId}`;

/**
 * Writes who joins and leaves chatrooms through this node, for one app: many at once, one batch after the other, so that
 * a storm on one room is a few transactions a second. What one user wishes of one room is done in its order.
 */
export class MemberWriter {
  readonly #options: MemberWriterOptions;
  #waiting: Wish[] = [];
  #writing: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: MemberWriterOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the user is in and the nodes are told that they hear it. Throws `conversationNotFound`,
   * `tooManyChatrooms`, `unavailable`.
   */
  join(conversation: Conversation, userId: string): Promise<Entrance> {
    return this.#wish(conversation, userId, true) as Promise<Entrance>;
  }

  /** Resolves when the user is out; harmless for who was not in. Throws `unavailable`. */
  async leave(conversation: Conversation, userId: string): Promise<void> {
    await this.#wish(conversation, userId, false);
  }

  #wish(conversation: Conversation, userId: string, isJoin: boolean): Promise<Entrance | null> {
    if (this.#waiting.length >= mostWaiting) return Promise.reject(new ParlanceError("unavailable"));
    return new Promise((resolve, reject) => {
      const place = { conversationId: conversation.id, userId };
      this.#waiting.push({ conversation, place, isJoin, resolve, reject });
      if (!this.#writing) this.#timer ??= setTimeout(() => this.#run(), gathering);
    });
  }

  #run(): void {
    this.#timer = null;
    this.#writing = this.#write().then(() => {
      this.#writing = null;
      if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#run(), gathering);
    });
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    const batch = this.#take();
    try {
      await this.#store(batch);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** As many as fit, but for what contradicts an earlier wish among them: that comes after it, and what follows, too. */
  #take(): Wish[] {
    const kinds = new Map<string, boolean>();
    let end = 0;
    for (const { place, isJoin } of this.#waiting) {
      const name = nameOf(place);
      if (end === batchSize || (kinds.get(name) ?? isJoin) !== isJoin) break;
      kinds.set(name, isJoin);
      end++;
    }
    return this.#waiting.splice(0, end);
  }

  async #store(batch: readonly Wish[]): Promise<void> {
    const { store, most } = this.#options;
    const [joining, leaving] = [batch.filter(({ isJoin }) => isJoin), batch.filter(({ isJoin }) => !isJoin)];
    const update = { left: leaving.map(({ place }) => place), joined: joining.map(({ place }) => place) };
    const { changes, missing, refused } = await store.updateChatrooms(update, most);
    const rooms = new Map(batch.map(({ conversation }) => [conversation.id, conversation]));
    const isRefused = new Set(refused.map(nameOf));
    const isMissing = new Set(missing);
    const admitted = joining.filter(
      ({ place }) => !isMissing.has(place.conversationId) && !isRefused.has(nameOf(place)),
    );
    const heads = new Map<number, Head>();
    if (admitted.length > 0)
      for (const head of await store.findHeads([
        ...new Set(admitted.map(({ place }) => place.conversationId)),
      ]))
        heads.set(head.conversation.id, head);
    const entrances = this.#announce(changes, rooms, heads, admitted);
    for (const { place, isJoin, resolve, reject } of batch) {
      const entrance = entrances.get(place.conversationId);
      if (!isJoin) resolve(null);
      else if (isRefused.has(nameOf(place))) reject(new ParlanceError("tooManyChatrooms"));
      else if (entrance) resolve(entrance);
      else reject(new ParlanceError("conversationNotFound"));
    }
  }

  /** Those who came hear the room before the others are told of them. */
  #announce(
    changes: readonly ChatroomChange[],
    rooms: ReadonlyMap<number, Conversation>,
    heads: ReadonlyMap<number, Head>,
    admitted: readonly Wish[],
  ): Map<number, Entrance> {
    const { publish } = this.#options;
    const byRoom = new Map<number, string[]>();
    for (const { place } of admitted) {
      const userIds = byRoom.get(place.conversationId);
      if (userIds) userIds.push(place.userId);
      else byRoom.set(place.conversationId, [place.userId]);
    }
    const entrances = new Map<number, Entrance>();
    for (const change of changes) {
      const conversation = rooms.get(change.conversationId);
      if (!conversation) continue;
      const head = heads.get(conversation.id);
      const userIds = byRoom.get(conversation.id);
      if (head && userIds) {
        const { seq, sentAt } = head;
        entrances.set(conversation.id, { conversation, seq, memberCount: change.memberCount });
        publish({ kind: "chatroomEntered", conversation, userIds, seq, sentAt });
      }
      announceChange({ publish }, conversation, change);
    }
    return entrances;
  }
}
