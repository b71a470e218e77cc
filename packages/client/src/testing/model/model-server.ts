/** Parlance's own protocol in memory, after docs/reference/protocol.md: what the tests of the client hold it against. */

import {
  type CloseName,
  type ConversationRef,
  closeCodes,
  type Entry,
  type EventData,
  type EventName,
  isMethodName,
  methods,
} from "@parlance/protocol";
import { faultsOf } from "@parlance/protocol/check";
import { isChange } from "../../sync/apply-change.ts";
import { keyOf } from "../../sync/conversation-key.ts";
import { ModelChatroom } from "./model-chatroom.ts";
import { ModelConversation } from "./model-conversation.ts";
import type { LineEnd, ModelLine, World } from "./model-line.ts";
import { modelMethods } from "./model-methods.ts";
import { Refusal } from "./refusal.ts";

/** Small ones, so that a short test meets them. */
export const modelLimits = { historyPage: 8, sincePage: 5, sinceBehind: 20, conversationsPage: 2 };

export class ModelServer implements LineEnd {
  readonly world: World;
  readonly conversations = new Map<string, ModelConversation>();
  readonly chatrooms = new Map<string, ModelChatroom>();
  readonly lines = new Set<ModelLine>();
  readonly tags = new Map<string, string[]>();
  readonly watches = new Map<ModelLine, Set<string>>();
  /** What the next requests are refused with. */
  readonly refusals: Refusal[] = [];
  /** Tokens are `user:device:version`; lower versions are refused. */
  tokenVersion = 0;
  #lastNow = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** Microseconds, never twice the same. */
  now(): number {
    this.#lastNow = Math.max(this.#lastNow + 1, Math.round(this.world.clock.now * 1000));
    return this.#lastNow;
  }

  group(id: string, ...userIds: string[]): ModelConversation {
    const group = new ModelConversation({ kind: "group", id });
    this.conversations.set(`group/${id}`, group);
    for (const userId of userIds) this.join(group, userId);
    return group;
  }

  join(group: ModelConversation, userId: string): void {
    group.add(userId, this.now());
    this.tellState(group, userId);
    this.#tellMembers(group, [userId], []);
  }

  kick(group: ModelConversation, userId: string): void {
    group.row(userId).isOut = true;
    group.touch(userId, this.now());
    this.tellState(group, userId);
    this.#tellMembers(group, [], [userId]);
  }

  chatroom(id: string): ModelChatroom {
    const room = this.chatrooms.get(id) ?? new ModelChatroom({ kind: "chatroom", id });
    this.chatrooms.set(id, room);
    return room;
  }

  /** Throws a refusal where there is none. */
  find(userId: string, ref: ConversationRef, mayMake = false): ModelConversation {
    const key = ref.kind === "direct" ? `direct/${[userId, ref.id].sort().join("|")}` : keyOf(ref);
    const known = this.conversations.get(key);
    if (known) return known;
    if (ref.kind !== "direct" || !mayMake) throw new Refusal("conversationNotFound");
    const made = new ModelConversation(ref);
    this.conversations.set(key, made);
    for (const member of new Set([userId, ref.id])) made.add(member, this.now());
    return made;
  }

  /** The app hides or shows a message. */
  setVisible(conversation: ModelConversation, sentAt: number, isShown: boolean): void {
    this.tellEntry(
      conversation,
      conversation.change(null, sentAt, { kind: isShown ? "show" : "hide" }, this.now()),
    );
  }

  tellEntry(conversation: ModelConversation, entry: Entry): void {
    for (const [userId, row] of conversation.members) {
      if (row.isOut) continue;
      const own = conversation.entryFor(userId, entry);
      const data = { conversation: conversation.refFor(userId), ...own };
      if (isChange(own)) this.tell(userId, "change", data as EventData<"change">);
      else
        this.tell(userId, "message", {
          ...data,
          ...(own.from ? { marksRead: true } : {}),
        } as EventData<"message">);
    }
  }

  tellState(conversation: ModelConversation, userId: string): void {
    this.tell(userId, "conversation", structuredClone(conversation.stateFor(userId)));
  }

  tell<Name extends EventName>(userId: string, name: Name, data: EventData<Name>): void {
    for (const line of this.lines) if (line.userId === userId) this.tellLine(line, name, data);
  }

  tellLine<Name extends EventName>(line: ModelLine, name: Name, data: EventData<Name>): void {
    line.event(name, data as object);
  }

  close(line: ModelLine, name: CloseName, retryAfterMs?: number): void {
    line.cut(closeCodes[name].code, JSON.stringify({ name, ...(retryAfterMs ? { retryAfterMs } : {}) }));
  }

  connected(line: ModelLine, token: string): void {
    const [userId = "", deviceId = "", version] = token.split(":");
    if (Number(version ?? 0) < this.tokenVersion) {
      this.close(line, "tokenExpired");
      return;
    }
    for (const other of this.lines)
      if (other.userId === userId && other.deviceId === deviceId) this.close(other, "replaced");
    line.userId = userId;
    line.deviceId = deviceId;
    this.lines.add(line);
    this.tellLine(line, "welcome", {
      protocol: 1,
      user: { id: userId },
      deviceId,
      now: this.now(),
      heartbeatSeconds: 25,
      limits: { frameBytes: 131_072, contentBytes: 122_880, openRequests: 100 },
    });
    this.#tellPresence(userId);
  }

  received(
    line: ModelLine,
    { id, method, params }: { id: number; method: string; params: Record<string, unknown> },
  ): void {
    if (!this.lines.has(line)) return;
    try {
      const refusal = this.refusals.shift();
      if (refusal) throw refusal;
      if (!isMethodName(method)) throw new Refusal("unknownMethod");
      const faults = faultsOf(methods[method].params, params);
      if (faults.length > 0) throw new Refusal("invalidParams", { message: faults.join("; ") });
      const result = structuredClone(modelMethods[method](this, line, params as never));
      const wrong = faultsOf(methods[method].result, result);
      if (wrong.length > 0) throw new Error(`The model answers ${method} wrongly: ${wrong.join("; ")}`);
      line.reply({ id, result });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      line.reply({ id, error: error.body });
    }
  }

  gone(line: ModelLine): void {
    if (!this.lines.delete(line)) return;
    this.watches.delete(line);
    for (const room of this.chatrooms.values()) room.members.delete(line.device);
    this.#tellPresence(line.userId);
  }

  presenceOf(userId: string) {
    const isOnline = [...this.lines].some((line) => line.userId === userId);
    return { userId, isOnline, platforms: isOnline ? ["web"] : [] };
  }

  #tellMembers(group: ModelConversation, added: string[], removed: string[]): void {
    const present = [...group.members].filter(([, { isOut }]) => !isOut).map(([userId]) => userId);
    for (const userId of present)
      this.tell(userId, "membersChanged", {
        conversation: group.ref,
        added,
        removed,
        memberCount: present.length,
      });
  }

  #tellPresence(userId: string): void {
    for (const [line, watched] of this.watches)
      if (watched.has(userId)) this.tellLine(line, "presence", { users: [this.presenceOf(userId)] });
  }
}
