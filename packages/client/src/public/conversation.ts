import type {
  ConversationRef,
  ConversationState,
  Entry,
  ParamsOf,
  Position,
  ResultOf,
} from "@parlance/protocol";
import { Emitter } from "../emitter.ts";
import { keyOf } from "../sync/conversation-key.ts";
import { ConversationLog } from "../sync/conversation-log.ts";
import type { Engine, Open } from "../sync/engine.ts";
import type { ConversationEvents } from "./client-events.ts";
import { asMessage, type NewMessage, newClientId, type SendOptions } from "./content.ts";
import { type ShownMessage, shownOutgoing } from "./shown-message.ts";
import { shownState } from "./shown-state.ts";

type Settings = Omit<ParamsOf<"conversation.update">, "conversation">;

/** One conversation, direct or of a group: its messages as they stand, and what one can do. From `client.conversation`. */
export class Conversation {
  /** Which one it is.
   * @example
   * expect(conversation.ref).toEqual({ kind: "group", id: "lunch" });
   */
  readonly ref: ConversationRef;
  #engine: Engine;
  #key: string;
  #emitter = new Emitter<ConversationEvents>();
  #log: ConversationLog;
  #shown: ShownMessage[] | null = null;
  #opening: Promise<void> | null = null;

  /** @internal */
  constructor(engine: Engine, ref: ConversationRef) {
    this.ref = ref;
    this.#engine = engine;
    this.#key = keyOf(ref);
    this.#log = new ConversationLog(engine, ref, () => this.#changed("messages"));
    engine.handles.set(this.#key, (name) => this.#changed(name));
  }

  /** End, last message, unread, mentions, read marks and settings; null: not in the user's list.
   * @example
   * console.log(conversation.state?.unread);
   */
  get state(): ConversationState | null {
    const state = this.#engine.list.states.get(this.#key);
    return state ? shownState(state, this.#engine.marks.waitingOf(this.#key)) : null;
  }

  /** The messages held, oldest first, one's own unsent ones last. The same list until something changes. `open` first.
   * @example
   * await conversation.open();
   * for (const message of conversation.messages) console.log(message.from, message.content);
   */
  get messages(): readonly ShownMessage[] {
    if (this.#shown) return this.#shown;
    const { outbox, userId } = this.#engine;
    if (this.#opening) outbox.release(this.#key, this.#log.through);
    const unsent = outbox.of(this.#key).map((outgoing) => shownOutgoing(outgoing, userId));
    this.#shown = [...this.#log.visible(), ...unsent];
    return this.#shown;
  }

  /** There are older messages to load.
   * @example
   * if (conversation.hasOlder) await conversation.loadOlder();
   */
  get hasOlder(): boolean {
    return this.#log.hasOlder;
  }

  /** Who else is typing.
   * @example
   * console.log(conversation.typing.join(", "));
   */
  get typing(): readonly string[] {
    return this.#engine.typing.of(this.#key);
  }

  /** Listens; returns how to stop.
   * @example
   * const stop = conversation.on("messages", () => console.log(conversation.messages.length));
   * stop();
   */
  on<Name extends keyof ConversationEvents>(
    name: Name,
    listener: (data: ConversationEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  /** Holds the messages from now on. Resolves when those in the cache are there; newer ones follow as they come.
   * @example
   * await conversation.open();
   */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** Lets the messages go; the cache keeps the newest.
   * @example
   * conversation.close();
   */
  close(): void {
    this.#engine.open.delete(this.#key);
    this.#opening = null;
    this.#log = new ConversationLog(this.#engine, this.ref, () => this.#changed("messages"));
    this.#shown = null;
  }

  /** Loads a page of older messages, at most 100, to the front of `messages`. Rejects when offline.
   * @example
   * await conversation.open();
   * await conversation.loadOlder(20);
   */
  async loadOlder(limit = 50): Promise<void> {
    await this.open();
    await this.#log.loadOlder(limit);
  }

  /** A page of history from anywhere; `messages` stays as it is.
   * @example
   * const { messages, hasMore } = await conversation.history({ before: message.sentAt, limit: 10 });
   */
  history(
    page: Omit<ParamsOf<"message.history">, "conversation"> = {},
  ): Promise<ResultOf<"message.history">> {
    return this.#engine.request("message.history", { conversation: this.ref, ...page });
  }

  /** Sends a text, or a message of any type. It is shown at once as pending and kept until the server has it, also
   * through restarts. Resolves when it is stored; rejects when it is refused. Status messages (`isPersisted: false`)
   * don't wait for a connection.
   * @example
   * await conversation.send("Soup or salad?");
   * await conversation.send({ type: "location", content: { latitude: 52.5, longitude: 13.4 } });
   * await conversation.send("@Bob: soup!", { mentions: { users: ["bob"] }, quote: { sentAt: message.sentAt } });
   */
  send(message: string | NewMessage, options: SendOptions = {}): Promise<Position> {
    const { environment, outbox, typing } = this.#engine;
    const clientId = newClientId(environment.now(), environment.random);
    const params = { conversation: this.ref, clientId, ...asMessage(message), ...options };
    typing.sent(this.#key);
    return options.isPersisted === false ? this.#engine.request("message.send", params) : outbox.add(params);
  }

  /** Sends a message again that was refused.
   * @example
   * const failed = conversation.messages.find(({ delivery }) => delivery === "failed");
   * if (failed?.clientId) conversation.retry(failed.clientId);
   */
  retry(clientId: string): void {
    this.#engine.outbox.retry(clientId);
  }

  /** Gives up a message that was refused.
   * @example
   * const failed = conversation.messages.find(({ delivery }) => delivery === "failed");
   * if (failed?.clientId) conversation.discard(failed.clientId);
   */
  discard(clientId: string): void {
    this.#engine.outbox.discard(clientId);
  }

  /** Marks everything read up to a message, or all of it. Kept until the server knows, also through restarts.
   * @example
   * conversation.markRead();
   */
  markRead(sentAt: number = this.#engine.list.states.get(this.#key)?.head.sentAt ?? 0): void {
    if (sentAt <= (this.state?.readMark.sentAt ?? 0)) return;
    this.#engine.marks.move(this.#key, sentAt);
    this.#engine.emitter.emit("conversations", {});
    this.#changed("state");
  }

  /** Takes back a message for everyone; `isDelete` leaves nothing to see.
   * @example
   * await conversation.recall(message.sentAt);
   */
  recall(sentAt: number, options: { isDelete?: boolean } = {}): Promise<Position> {
    return this.#changeMessage("message.recall", { ...this.#target(sentAt), ...options });
  }

  /** Replaces the content of one's own message.
   * @example
   * await conversation.modify(message.sentAt, { text: "Soup or salad or bread?" });
   */
  modify(sentAt: number, content: Record<string, unknown>): Promise<Position> {
    return this.#changeMessage("message.modify", { ...this.#target(sentAt), content });
  }

  /** Sets keys on a message: votes, reactions, whatever the app makes of them.
   * @example
   * await conversation.setKeys(message.sentAt, { "like=alice": "1" });
   */
  setKeys(sentAt: number, keys: Record<string, string>): Promise<Position> {
    return this.#changeMessage("message.setKeys", { ...this.#target(sentAt), keys });
  }

  /** Removes keys from a message.
   * @example
   * await conversation.removeKeys(message.sentAt, ["like=alice"]);
   */
  removeKeys(sentAt: number, keys: string[]): Promise<Position> {
    return this.#changeMessage("message.removeKeys", { ...this.#target(sentAt), keys });
  }

  /** Takes messages from one's own view, at most 100 at a time.
   * @example
   * await conversation.deleteMine([message.sentAt]);
   */
  async deleteMine(sentAt: number[]): Promise<void> {
    await this.#engine.request("message.deleteMine", { conversation: this.ref, sentAt });
    this.#log.remove(sentAt);
  }

  /** Who has read a message, page by page.
   * @example
   * const { read, readCount, memberCount } = await conversation.readers(message.sentAt);
   */
  readers(
    sentAt: number,
    page: { after?: string; limit?: number } = {},
  ): Promise<ResultOf<"message.readers">> {
    return this.#engine.request("message.readers", { ...this.#target(sentAt), ...page });
  }

  /** Tells the others that this user is typing. Call it with every key: it is sent every three seconds at most.
   * @example
   * conversation.sendTyping();
   */
  sendTyping(): void {
    if (this.#engine.isOnline() && this.#engine.typing.isDue(this.#key))
      this.signal("typing").catch(() => {});
  }

  /** Tells who is online something of the app's own that is not kept.
   * @example
   * await conversation.signal("pointer", { x: 3, y: 4 });
   */
  async signal(type: string, content: Record<string, unknown> = {}): Promise<void> {
    await this.#engine.request("signal.send", { conversation: this.ref, type, content });
  }

  /** Pins, mutes, drafts and tags, on all devices of the user.
   * @example
   * await conversation.update({ isPinned: true, mute: 1, draft: "I think", tags: { add: ["work"] } });
   */
  async update(settings: Settings): Promise<void> {
    const { state } = await this.#engine.request("conversation.update", {
      conversation: this.ref,
      ...settings,
    });
    this.#engine.list.apply(state);
  }

  /** Takes everything up to a message from one's own view, or all of it.
   * @example
   * await conversation.clear();
   */
  async clear(upTo: number = this.state?.head.sentAt ?? 0): Promise<void> {
    const { state } = await this.#engine.request("conversation.clear", { conversation: this.ref, upTo });
    this.#engine.list.apply(state);
  }

  /** Takes the conversation from one's list; the next message brings it back.
   * @example
   * await conversation.remove();
   */
  async remove(): Promise<void> {
    await this.#engine.request("conversation.remove", { conversation: this.ref });
    this.#engine.list.doubt(this.#key, true);
  }

  /** The members of a group, page by page.
   * @example
   * const { members, next } = await conversation.members({ limit: 50 });
   */
  members(page: { after?: string; limit?: number } = {}): Promise<ResultOf<"conversation.members">> {
    return this.#engine.request("conversation.members", { conversation: this.ref, ...page });
  }

  async #open(): Promise<void> {
    const log = this.#log;
    this.#engine.open.set(this.#key, this.#asOpen(log));
    await log.restore();
    if (this.#log !== log) return;
    const state = this.#engine.list.states.get(this.#key);
    if (state) log.follow(state);
    else log.catchUp();
  }

  #asOpen(log: ConversationLog): Open {
    return {
      log,
      onEntry: (entry: Entry) => log.receive(entry),
      onOnline: () => log.catchUp(),
    };
  }

  #target(sentAt: number): { conversation: ConversationRef; sentAt: number } {
    return { conversation: this.ref, sentAt };
  }

  async #changeMessage<
    Name extends "message.recall" | "message.modify" | "message.setKeys" | "message.removeKeys",
  >(method: Name, params: ParamsOf<Name>): Promise<Position> {
    const position = (await this.#engine.request(method, params)) as Position;
    this.#engine.expectSoon(this.ref, position.seq);
    return position;
  }

  #changed(name: keyof ConversationEvents): void {
    if (name === "messages") this.#shown = null;
    this.#emitter.emit(name, {});
  }
}
