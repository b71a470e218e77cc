import type {
  ConversationRef,
  ConversationState,
  MethodName,
  ParamsOf,
  Presence,
  ResultOf,
  User,
} from "@parlance/protocol";
import type { Status } from "../connection/connection.ts";
import { keyOf } from "../sync/conversation-key.ts";
import type { Engine } from "../sync/engine.ts";
import { Chatroom } from "./chatroom.ts";
import type { ClientEvents } from "./client-events.ts";
import { Conversation } from "./conversation.ts";
import { inListOrder, shownState } from "./shown-state.ts";

/** One user on one device: the conversations, kept in step with the server. From `connect`. */
export class Client {
  #engine: Engine;
  #conversations = new Map<string, Conversation>();
  #chatrooms = new Map<string, Chatroom>();
  #shown: ConversationState[] | null = null;
  #stopListening: () => void;

  /** @internal */
  constructor(engine: Engine, stopListening: () => void) {
    this.#engine = engine;
    this.#stopListening = stopListening;
    engine.emitter.on("conversation", () => {
      this.#shown = null;
    });
    engine.emitter.on("conversations", () => {
      this.#shown = null;
    });
  }

  /** Who is signed in.
   * @example
   * expect(client.userId).toBe("alice");
   */
  get userId(): string {
    return this.#engine.userId;
  }

  /** online; connecting; offline, until the next attempt; stopped, for good.
   * @example
   * console.log(client.status);
   */
  get status(): Status {
    return this.#engine.connection.status;
  }

  /** The server's clock, in microseconds, as messages have it.
   * @example
   * const minutesAgo = (client.serverTime() - message.sentAt) / 60_000_000;
   */
  serverTime(): number {
    return Math.round((this.#engine.environment.now() + this.#engine.clockOffset) * 1000);
  }

  /** Listens; returns how to stop.
   * @example
   * const stop = client.on("message", ({ conversation, message }) => console.log(conversation.id, message.content));
   * stop();
   */
  on<Name extends keyof ClientEvents>(name: Name, listener: (data: ClientEvents[Name]) => void): () => void {
    return this.#engine.emitter.on(name, listener);
  }

  /** The user's conversations: pinned ones first, then the newest. The same list until something changes.
   * @example
   * for (const { conversation, unread } of client.conversations) console.log(conversation.id, unread);
   */
  get conversations(): readonly ConversationState[] {
    const { list, marks } = this.#engine;
    this.#shown ??= [...list.states]
      .map(([key, state]) => shownState(state, marks.waitingOf(key)))
      .sort(inListOrder);
    return this.#shown;
  }

  /** Unread messages and mentions of all conversations that are not muted.
   * @example
   * const { unread, mentions } = client.unread;
   */
  get unread(): { unread: number; mentions: number } {
    const loud = this.conversations.filter(({ settings }) => settings.mute === 0);
    return {
      unread: loud.reduce((sum, state) => sum + state.unread, 0),
      mentions: loud.reduce((sum, state) => sum + state.mentions, 0),
    };
  }

  /** A conversation, whether or not there is one yet; the same object every time.
   * @example
   * const lunch = client.conversation({ kind: "group", id: "lunch" });
   */
  conversation(ref: ConversationRef): Conversation {
    const key = keyOf(ref);
    const conversation = this.#conversations.get(key) ?? new Conversation(this.#engine, ref);
    this.#conversations.set(key, conversation);
    return conversation;
  }

  /** The conversation with another user.
   * @example
   * await client.direct("bob").send("Hi Bob");
   */
  direct(userId: string): Conversation {
    return this.conversation({ kind: "direct", id: userId });
  }

  /** The conversation of a group.
   * @example
   * await client.group("lunch").open();
   */
  group(id: string): Conversation {
    return this.conversation({ kind: "group", id });
  }

  /** A chatroom; `join` it to hear it.
   * @example
   * await client.chatroom("hall").join();
   */
  chatroom(id: string): Chatroom {
    const chatroom = this.#chatrooms.get(id) ?? new Chatroom(this.#engine, id);
    this.#chatrooms.set(id, chatroom);
    return chatroom;
  }

  /** What the app wants shown of users, at most 100; unknown ones are left out.
   * @example
   * const [bob] = await client.users(["bob"]);
   */
  async users(userIds: string[]): Promise<User[]> {
    return (await this.#engine.request("user.get", { userIds })).users;
  }

  /** Watches who is online, as event `presence`, until what it returns is called.
   * @example
   * const unwatch = client.watchPresence(["bob"]);
   * unwatch();
   */
  watchPresence(userIds: string[]): () => void {
    return this.#engine.presence.watch(userIds);
  }

  /** What is known of a watched user.
   * @example
   * console.log(client.presenceOf("bob")?.isOnline);
   */
  presenceOf(userId: string): Presence | undefined {
    return this.#engine.presence.known.get(userId);
  }

  /** The user's tags, oldest first.
   * @example
   * for (const { name, conversationCount } of await client.tags()) console.log(name, conversationCount);
   */
  async tags(): Promise<ResultOf<"tag.list">["tags"]> {
    return (await this.#engine.request("tag.list", {})).tags;
  }

  /** Makes a tag; `conversation.update` puts it on conversations.
   * @example
   * await client.createTag("family");
   */
  async createTag(name: string): Promise<void> {
    await this.#engine.request("tag.create", { name });
  }

  /** Renames a tag; conversations keep it.
   * @example
   * await client.renameTag("work", "office");
   */
  async renameTag(name: string, newName: string): Promise<void> {
    await this.#engine.request("tag.rename", { name, newName });
  }

  /** Removes a tag, also from its conversations.
   * @example
   * await client.removeTag("work");
   */
  async removeTag(name: string): Promise<void> {
    await this.#engine.request("tag.remove", { name });
  }

  /** Any method of the protocol. Rejects with a `ParlanceError`, with `offline` at once where there is no connection.
   * @example
   * const { now } = await client.request("ping", {});
   */
  request<Name extends MethodName>(method: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>> {
    return this.#engine.request(method, params);
  }

  /** Connects now rather than after the back-off; also after the server said to stop, when the reason is gone.
   * @example
   * client.reconnect();
   */
  reconnect(): void {
    this.#engine.connection.start();
  }

  /** Ends the connection but keeps everything for `reconnect`: airplane mode.
   * @example
   * client.disconnect();
   */
  disconnect(): void {
    this.#engine.connection.stop({ code: 0, name: "disconnected" });
  }

  /** Ends it all; what waits to be sent is sent by the next `connect` with this cache. Resolves when the cache is written.
   * @example
   * await client.close();
   */
  close(): Promise<void> {
    this.#stopListening();
    return this.#engine.close();
  }
}
