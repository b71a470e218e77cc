import type {
  ChatroomKey,
  ConversationRef,
  EventData,
  ParamsOf,
  Position,
  ResultOf,
} from "@parlance/protocol";
import { Emitter } from "../emitter.ts";
import { isRetryable } from "../error.ts";
import { isChange } from "../sync/apply-change.ts";
import { ChatroomLog } from "../sync/chatroom-log.ts";
import { keyOf } from "../sync/conversation-key.ts";
import type { Engine, Open } from "../sync/engine.ts";
import { insist } from "../sync/link.ts";
import type { ChatroomEvents } from "./client-events.ts";
import { asMessage, type NewMessage, newClientId, type SendOptions } from "./content.ts";
import { type ShownMessage, shownOutgoing } from "./shown-message.ts";

/** A chatroom: who joined hears it, for as long as the app runs; a lost connection is joined again. From `client.chatroom`. */
export class Chatroom {
  /** Which one it is.
   * @example
   * expect(chatroom.ref).toEqual({ kind: "chatroom", id: "hall" });
   */
  readonly ref: ConversationRef;
  /** Whether messages are heard, or will be as soon as there is a connection.
   * @example
   * if (!chatroom.isJoined) await chatroom.join();
   */
  isJoined = false;
  #engine: Engine;
  #key: string;
  #emitter = new Emitter<ChatroomEvents>();
  #log = new ChatroomLog();
  #historyCount = 0;
  #shown: ShownMessage[] | null = null;
  #shownKeys: Map<string, ChatroomKey> | null = null;

  /** @internal */
  constructor(engine: Engine, id: string) {
    this.#engine = engine;
    this.ref = { kind: "chatroom", id };
    this.#key = keyOf(this.ref);
    engine.handles.set(this.#key, (name) => {
      if (name === "messages") this.#changed();
    });
  }

  /** The newest messages, at most 500, oldest first; the same list until something changes.
   * @example
   * console.log(chatroom.messages.map(({ content }) => content));
   */
  get messages(): readonly ShownMessage[] {
    const { outbox, userId } = this.#engine;
    outbox.release(this.#key, this.#log.newestSeq);
    const unsent = () => outbox.of(this.#key).map((outgoing) => shownOutgoing(outgoing, userId));
    this.#shown ??= [...this.#log.visible(), ...unsent()];
    return this.#shown;
  }

  /** How many people are there, as far as the server told.
   * @example
   * console.log(`${chatroom.memberCount} people`);
   */
  get memberCount(): number {
    return this.#log.memberCount;
  }

  /** The room's key-values.
   * @example
   * console.log(chatroom.keys.get("topic")?.value);
   */
  get keys(): ReadonlyMap<string, ChatroomKey> {
    this.#shownKeys ??= new Map([...this.#log.keys].filter(([, { value }]) => value !== ""));
    return this.#shownKeys;
  }

  /** Listens; returns how to stop.
   * @example
   * const stop = chatroom.on("members", ({ memberCount }) => console.log(memberCount));
   * stop();
   */
  on<Name extends keyof ChatroomEvents>(
    name: Name,
    listener: (data: ChatroomEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  /** Enters, with the newest messages (at most 50). From then on a lost connection joins again by itself.
   * @example
   * await chatroom.join({ historyCount: 20 });
   */
  async join({ historyCount = 10 }: { historyCount?: number } = {}): Promise<void> {
    this.#historyCount = historyCount;
    this.#engine.open.set(this.#key, this.#asOpen());
    this.isJoined = true;
    try {
      await this.#join();
    } catch (error) {
      if (!isRetryable(error)) this.#over();
      throw error;
    }
  }

  /** Leaves.
   * @example
   * await chatroom.leave();
   */
  async leave(): Promise<void> {
    this.#over();
    if (this.#engine.isOnline()) await this.#engine.request("chatroom.leave", { conversation: this.ref });
  }

  /** Sends a text, or a message of any type; as `conversation.send`.
   * @example
   * await chatroom.send("Hello, everyone");
   */
  send(message: string | NewMessage, options: SendOptions = {}): Promise<Position> {
    const { environment, outbox } = this.#engine;
    const clientId = newClientId(environment.now(), environment.random);
    return outbox.add({ conversation: this.ref, clientId, ...asMessage(message), ...options });
  }

  /** Sends a message again that was refused.
   * @example
   * const failed = chatroom.messages.find(({ delivery }) => delivery === "failed");
   * if (failed?.clientId) chatroom.retry(failed.clientId);
   */
  retry(clientId: string): void {
    this.#engine.outbox.retry(clientId);
  }

  /** Gives up a message that was refused.
   * @example
   * const failed = chatroom.messages.find(({ delivery }) => delivery === "failed");
   * if (failed?.clientId) chatroom.discard(failed.clientId);
   */
  discard(clientId: string): void {
    this.#engine.outbox.discard(clientId);
  }

  /** How many people are there, and a page of them in order of joining, at most 100; `next` is where another one begins.
   * @example
   * const { members, memberCount, next } = await chatroom.members({ limit: 20, isNewestFirst: true });
   * const more = next === null ? [] : (await chatroom.members({ after: next })).members;
   */
  members(
    page: { after?: number; limit?: number; isNewestFirst?: boolean } = {},
  ): Promise<ResultOf<"chatroom.members">> {
    return this.#engine.request("chatroom.members", { conversation: this.ref, ...page });
  }

  /** Sets at most 10 keys, all of them or none. Others' keys need `isForced`.
   * @example
   * await chatroom.setKeys({ topic: "Tea" }, { isForced: true });
   */
  async setKeys(
    values: Record<string, string>,
    options: Pick<ParamsOf<"chatroom.setKeys">, "isForced" | "isAutoDelete"> = {},
  ): Promise<void> {
    const keys = Object.entries(values).map(([key, value]) => ({ key, value }));
    const result = await this.#engine.request("chatroom.setKeys", {
      conversation: this.ref,
      keys,
      ...options,
    });
    this.#setKeys(result.keys);
  }

  /** Removes at most 10 keys. Others' keys need `isForced`.
   * @example
   * await chatroom.removeKeys(["topic"], { isForced: true });
   */
  async removeKeys(keys: string[], options: { isForced?: boolean } = {}): Promise<void> {
    await this.#engine.request("chatroom.removeKeys", { conversation: this.ref, keys, ...options });
  }

  async #join(): Promise<void> {
    const knownKeysAt = this.#log.knownKeysAt();
    const { messages, memberCount, keys, hasAllKeys } = await insist(this.#engine, "chatroom.join", {
      conversation: this.ref,
      historyCount: this.#historyCount,
      ...(knownKeysAt > 0 ? { knownKeysAt } : {}),
    });
    if (!this.isJoined) return;
    if (hasAllKeys) this.#log.forgetKeys(knownKeysAt);
    this.#log.add(messages);
    this.#log.memberCount = memberCount;
    this.#setKeys(keys);
    this.#changed();
  }

  async #rejoin(): Promise<void> {
    try {
      await this.#join();
      if (this.isJoined) this.#emitter.emit("rejoined", {});
    } catch (error) {
      // A connection that ended is followed by the next one, which joins again.
      if (!isRetryable(error) && this.isJoined) this.#over((error as Error).name);
    }
  }

  #asOpen(): Open {
    return {
      onEntry: (entry) => {
        if (isChange(entry)) this.#log.change(entry);
        else this.#log.add([entry]);
        this.#changed();
      },
      onChatroom: (data) => this.#onChatroom(data),
      onOnline: () => void this.#rejoin(),
    };
  }

  #onChatroom({ kind, keys, joined = [], left = [], memberCount }: EventData<"chatroom">): void {
    if (memberCount !== undefined) this.#log.memberCount = memberCount;
    if (keys) this.#setKeys(keys);
    if (kind === "members")
      this.#emitter.emit("members", { joined, left, memberCount: this.#log.memberCount });
    if (kind === "left" || kind === "destroyed") this.#over(kind);
  }

  #setKeys(keys: readonly ChatroomKey[]): void {
    this.#log.setKeys(keys);
    this.#shownKeys = null;
    if (keys.length > 0) this.#emitter.emit("keys", {});
  }

  #over(reason?: string): void {
    this.isJoined = false;
    this.#engine.open.delete(this.#key);
    this.#log.clear();
    this.#shownKeys = null;
    this.#changed();
    if (reason !== undefined) this.#emitter.emit("left", { reason });
  }

  #changed(): void {
    this.#shown = null;
    this.#emitter.emit("messages", {});
  }
}
