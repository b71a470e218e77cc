/** Puts the parts together: what a connection brings goes to the part that keeps it, and each connect brings all in step. */

import type {
  ConversationRef,
  Entry,
  EventData,
  MethodName,
  ParamsOf,
  Position,
  ResultOf,
} from "@parlance/protocol";
import type { Cache } from "../cache/cache.ts";
import { Persistence } from "../cache/persistence.ts";
import type { FrameCodec } from "../connection/codec.ts";
import { Connection, type Status, type Stopped, type Token } from "../connection/connection.ts";
import { Emitter } from "../emitter.ts";
import type { Environment } from "../environment.ts";
import type { ClientEvents } from "../public/client-events.ts";
import { keyOf } from "./conversation-key.ts";
import { ConversationList } from "./conversation-list.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { Link } from "./link.ts";
import { Outbox } from "./outbox.ts";
import { PresenceWatch } from "./presence-watch.ts";
import { ReadMarks } from "./read-marks.ts";
import { ToldMessages } from "./told-messages.ts";
import { Typing } from "./typing.ts";

export interface EngineOptions {
  url: string;
  token: Token;
  userId: string;
  codec: FrameCodec;
  cache: Cache;
  environment: Environment;
}

/** A conversation or chatroom that somebody holds. */
export interface Open {
  /** Absent in chatrooms. */
  readonly log?: ConversationLog;
  onEntry(entry: Entry): void;
  onChatroom?(data: EventData<"chatroom">): void;
  /** The connection is there again, or missed something. */
  onOnline(): void;
}

/** An event of what one did oneself usually comes with its reply; if not, it is asked for after this long. */
const graceMs = 1000;

export class Engine implements Link {
  readonly emitter = new Emitter<ClientEvents>();
  readonly environment: Environment;
  readonly persistence: Persistence;
  readonly userId: string;
  readonly connection: Connection;
  readonly list: ConversationList;
  readonly outbox: Outbox;
  readonly marks: ReadMarks;
  readonly typing: Typing;
  readonly presence: PresenceWatch;
  readonly open = new Map<string, Open>();
  /** Who shows a conversation, open or not. */
  readonly handles = new Map<string, (name: "messages" | "state" | "typing") => void>();
  /** The server's clock less ours, in milliseconds. */
  clockOffset = 0;
  #told = new ToldMessages();
  #generation = 0;
  #isSyncing = false;
  #syncAgain = false;
  #isTelling = false;
  #handlers = this.#makeHandlers();

  constructor({ url, token, userId, codec, cache, environment }: EngineOptions) {
    this.environment = environment;
    this.userId = userId;
    this.persistence = new Persistence(cache, environment);
    this.list = new ConversationList(this, {
      onState: (key, state) => this.#onState(key, state),
    });
    this.outbox = new Outbox(this, {
      onOutbox: (conversation) => this.handles.get(keyOf(conversation))?.("messages"),
      onStored: (conversation, position) => this.#onStored(conversation, position),
    });
    this.marks = new ReadMarks(this, (mark) => this.list.onReadMark(mark));
    this.typing = new Typing(environment, (conversation, userIds) => {
      this.emitter.emit("typing", { conversation, userIds });
      this.handles.get(keyOf(conversation))?.("typing");
    });
    this.presence = new PresenceWatch(this, (users) => this.emitter.emit("presence", users));
    this.connection = new Connection(url, token, codec, environment, {
      onStatus: (status, stopped) => this.#onStatus(status, stopped),
      onWelcome: (welcome) => this.#onWelcome(welcome),
      onEvent: (name, data) => this.#handlers[name]?.(data as never),
    });
  }

  generation(): number {
    return this.#generation;
  }

  isOnline(): boolean {
    return this.connection.status === "online";
  }

  request<Name extends MethodName>(method: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>> {
    return this.connection.request(method, params);
  }

  async load(): Promise<void> {
    await Promise.all([this.list.load(), this.outbox.load(), this.marks.load()]);
    this.#told.load(this.list.states);
    this.#tellConversations();
  }

  async close(): Promise<void> {
    this.connection.stop();
    this.outbox.close();
    this.typing.close();
    this.presence.close();
    await this.persistence.close();
  }

  /** The log is known to reach that far; whoever has not heard of it by then asks. */
  expectSoon(conversation: ConversationRef, seq: number): void {
    const key = keyOf(conversation);
    const generation = this.#generation;
    this.environment.setTimeout(() => {
      if (generation !== this.#generation) return;
      const known = this.list.states.get(key)?.head.seq ?? 0;
      if (conversation.kind !== "chatroom" && known < seq) this.list.doubt(key, true);
      this.open.get(key)?.log?.expect(seq);
    }, graceMs);
  }

  #onStatus(status: Status, stopped?: Stopped): void {
    this.#generation++;
    this.emitter.emit("status", { status, ...(stopped ? { stopped } : {}) });
  }

  #onWelcome(welcome: EventData<"welcome">): void {
    if (welcome.user.id !== this.userId) {
      this.connection.stop({ code: 0, name: "wrongUser" });
      return;
    }
    this.clockOffset = welcome.now / 1000 - this.environment.now();
    this.#isSyncing = false;
    this.list.begin();
    void this.#sync();
    this.outbox.resume();
    this.marks.resume();
    this.presence.resume();
    for (const open of this.open.values()) open.onOnline();
  }

  async #sync(): Promise<void> {
    this.#syncAgain = this.#isSyncing;
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    const generation = this.#generation;
    try {
      do {
        this.#syncAgain = false;
        await this.list.sync();
        if (generation !== this.#generation) return;
      } while (this.#syncAgain);
      this.#isSyncing = false;
      this.emitter.emit("synced", {});
    } catch {
      // The connection ended, and the next one syncs; or the server refused for good, and a new connection is all that is left.
      if (generation === this.#generation) this.connection.restart();
    }
  }

  #onState(key: string, state: Parameters<ConversationLog["follow"]>[0] | null): void {
    if (state) this.open.get(key)?.log?.follow(state);
    this.handles.get(key)?.("state");
    const slash = key.indexOf("/");
    const conversation =
      state?.conversation ?? ({ kind: key.slice(0, slash), id: key.slice(slash + 1) } as ConversationRef);
    this.emitter.emit("conversation", { conversation, state });
    this.#tellConversations();
  }

  #tellConversations(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      this.emitter.emit("conversations", {});
    });
  }

  #onStored(conversation: ConversationRef, position: Position): void {
    const key = keyOf(conversation);
    if (!this.open.has(key)) this.outbox.release(key, position.seq);
    this.expectSoon(conversation, position.seq);
    this.handles.get(key)?.("messages");
  }

  #makeHandlers(): Record<string, ((data: never) => void) | undefined> {
    const handlers: { [Name in Exclude<keyof EventMap, "welcome">]: (data: EventMap[Name]) => void } = {
      message: (data) => {
        const { conversation, marksRead: _, ...message } = data;
        const key = keyOf(conversation);
        if (message.from === this.userId && message.clientId) this.outbox.stored(message.clientId, message);
        this.open.get(key)?.onEntry(message);
        const isNew = conversation.kind === "chatroom" || this.#told.isNew(key, message.seq);
        if (conversation.kind !== "chatroom") this.list.onMessage(data);
        this.typing.ended(conversation, message.from);
        if (isNew && !message.state) this.emitter.emit("message", { conversation, message });
      },
      change: (data) => {
        const { conversation, ...change } = data;
        this.open.get(keyOf(conversation))?.onEntry(change);
        if (conversation.kind !== "chatroom") this.list.onChange(data);
        this.emitter.emit("change", data);
      },
      signal: (data) => {
        if (data.type !== "typing") return this.emitter.emit("signal", data);
        if (data.from !== null && data.from !== this.userId) this.typing.began(data.conversation, data.from);
      },
      readMark: (data) => {
        this.list.onReadMark(data);
        this.emitter.emit("readMark", data);
      },
      conversation: (data) => this.list.apply(data),
      membersChanged: (data) => {
        this.list.onMembers(data);
        this.emitter.emit("members", data);
      },
      user: (data) => this.emitter.emit("user", data),
      presence: ({ users }) => this.presence.applied(users),
      notice: (data) => this.emitter.emit("notice", data),
      chatroom: (data) => this.open.get(keyOf(data.conversation))?.onChatroom?.(data),
      reload: ({ conversation }) => {
        const missed = conversation ? [this.open.get(keyOf(conversation))] : [...this.open.values()];
        for (const open of missed) open?.onOnline();
        if (conversation?.kind !== "chatroom") void this.#sync();
      },
    };
    return handlers as never;
  }
}

type EventMap = { [Name in import("@parlance/protocol").EventName]: EventData<Name> };
