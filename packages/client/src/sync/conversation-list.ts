/**
 * What the user sees of each conversation: end, last message, unread, marks, settings. Whole states come from the server
 * (`conversation.sync` after every connect, `conversation.get`, events) and are carried forward by the events between
 * them; where that leaves a doubt, the state is asked for. The cursor moves on only when no doubt is left, so that a
 * program that ends in between gets everything again.
 */

import type {
  Change,
  ConversationChange,
  ConversationRef,
  ConversationState,
  EventData,
  Message,
} from "@parlance/protocol";
import { ParlanceError } from "../error.ts";
import { advanceByChange, advanceByMark, advanceByMessage } from "./advance-state.ts";
import { keyOf, refOf } from "./conversation-key.ts";
import { insist, type Link } from "./link.ts";
import { mergeState } from "./merge-state.ts";

export interface ListEvents {
  /** Null: it left the list. */
  onState(key: string, state: ConversationState | null): void;
}

/** Doubts that many people share (a recall in a large group) are not asked about by all in the same moment. */
const doubtMs = 2000;
const quickDoubtMs = 20;

/** What the app says to all of its users: a star stands before the name it speaks under. */
const isEverybodys = ({ kind, id }: ConversationRef): boolean => kind === "system" && id.startsWith("*");

export class ConversationList {
  readonly states = new Map<string, ConversationState>();
  #link: Link;
  #events: ListEvents;
  #cursor: string | null = null;
  #settledCursor: string | null = null;
  /** Conversations whose last message or counts may not be right. */
  #doubts = new Set<string>();
  #asking = new Set<string>();
  /** Doubted anew while an answer was under way, which may be older than the doubt. */
  #again = new Set<string>();
  /** When conversations left the list, for as long as older news may still be under way. */
  #removedAt = new Map<string, number>();
  #touched: Set<string> | null = null;

  constructor(link: Link, events: ListEvents) {
    this.#link = link;
    this.#events = events;
  }

  async load(): Promise<void> {
    const [states, [cursor], [doubts]] = await Promise.all([
      this.#link.persistence.load("state/"),
      this.#link.persistence.load("cursor"),
      this.#link.persistence.load("doubts"),
    ]);
    this.#doubts = new Set(doubts?.[1] as string[] | undefined);
    for (const [key, state] of states)
      this.states.set(key.slice("state/".length), state as ConversationState);
    this.#cursor = this.#settledCursor = (cursor?.[1] as string | undefined) ?? null;
  }

  /** A new connection: answers of an earlier one can't come any more. */
  begin(): void {
    this.#asking.clear();
    this.#again.clear();
    this.#removedAt.clear();
    this.#touched = null;
    this.#cursor = this.#settledCursor;
  }

  /** Rejects when the connection ends before the last page. */
  async sync(): Promise<void> {
    const generation = this.#link.generation();
    const named = new Set<string>();
    this.#touched = named;
    let cursor = this.#cursor;
    let isFull = false;
    for (;;) {
      const page = await insist(this.#link, "conversation.sync", { cursor });
      if (generation !== this.#link.generation()) return;
      for (const state of page.conversations) {
        named.add(keyOf(state.conversation));
        this.apply(state);
      }
      ({ cursor } = page);
      isFull ||= page.isFull;
      if (!page.hasMore) break;
    }
    this.#touched = null;
    if (isFull) for (const key of this.states.keys()) if (!named.has(key)) this.#remove(key);
    this.#cursor = cursor;
    for (const key of this.#doubts) this.doubt(key, true);
    this.#settle();
  }

  apply(incoming: ConversationChange): void {
    const key = keyOf(incoming.conversation);
    this.#touched?.add(key);
    const known = this.states.get(key);
    if ("isRemoved" in incoming) this.#applyRemoval(key, known, incoming.changedAt);
    else if (known) this.#merge(key, known, incoming);
    else if (this.#isOlderThanRemoval(key, incoming)) this.doubt(key, true);
    else {
      this.#trust(key);
      this.#set(key, incoming);
    }
  }

  onMessage(message: EventData<"message">): void {
    const state = this.#next(message);
    if (!state) return;
    const { conversation, marksRead = false, ...bare } = message;
    this.#set(keyOf(conversation), advanceByMessage(state, bare as Message, marksRead, this.#link.userId));
  }

  onChange(change: EventData<"change">): void {
    const state = this.#next(change);
    if (!state) return;
    const advanced = advanceByChange(state, change as Change);
    this.#set(keyOf(change.conversation), advanced.state);
    if (advanced.isUncertain) this.doubt(keyOf(change.conversation), false);
  }

  onReadMark({ conversation, userId, seq, sentAt }: EventData<"readMark">): void {
    const key = keyOf(conversation);
    const state = this.states.get(key);
    const isOwn = userId === this.#link.userId;
    if (!state || (!isOwn && conversation.kind !== "direct")) return;
    const advanced = advanceByMark(state, { seq, sentAt }, isOwn);
    this.#touched?.add(key);
    if (advanced.state !== state) this.#set(key, advanced.state);
    if (advanced.isUncertain) this.doubt(key, true);
  }

  onMembers({ conversation, memberCount }: EventData<"membersChanged">): void {
    const state = this.states.get(keyOf(conversation));
    if (state && memberCount !== undefined) this.#set(keyOf(conversation), { ...state, memberCount });
  }

  /** Asks the server for the state, soon; `isMine`: nobody else asks at the same time. */
  doubt(key: string, isMine: boolean): void {
    this.#doubts.add(key);
    this.#link.persistence.changed("doubts", () => [...this.#doubts]);
    if (this.#asking.has(key)) this.#again.add(key);
    if (this.#asking.has(key) || !this.#link.isOnline()) return;
    this.#asking.add(key);
    const generation = this.#link.generation();
    const { environment } = this.#link;
    environment.setTimeout(
      () => {
        if (generation === this.#link.generation()) void this.#ask(key);
      },
      environment.random() * (isMine ? quickDoubtMs : doubtMs),
    );
  }

  #applyRemoval(key: string, known: ConversationState | undefined, removedAt: number): void {
    const isNewer = known && (known.changedAt >= removedAt || known.head.sentAt > removedAt);
    if (isNewer) this.doubt(key, true);
    else {
      this.#removedAt.set(key, removedAt);
      this.#remove(key);
    }
  }

  #isOlderThanRemoval(key: string, { changedAt, head }: ConversationState): boolean {
    const removedAt = this.#removedAt.get(key) ?? 0;
    return changedAt <= removedAt && head.sentAt <= removedAt;
  }

  #merge(key: string, known: ConversationState, incoming: ConversationState): void {
    const { state, isUncertain, isIncoming } = mergeState(known, incoming);
    if (isIncoming) this.#trust(key);
    this.#set(key, state);
    if (isUncertain) this.doubt(key, true);
  }

  async #ask(key: string): Promise<void> {
    const generation = this.#link.generation();
    const isOver = () => generation !== this.#link.generation();
    this.#again.delete(key);
    try {
      const { state } = await insist(this.#link, "conversation.get", { conversation: refOf(key) });
      if (isOver()) return;
      this.#asking.delete(key);
      // Sent after the question, so nothing older can be under way that says it is there.
      this.#removedAt.delete(key);
      this.apply(state);
    } catch (error) {
      if (isOver()) return;
      this.#asking.delete(key);
      const isGone =
        error instanceof ParlanceError &&
        (error.name === "conversationNotFound" || error.name === "notMember");
      if (isGone) this.#remove(key);
      else this.#trust(key);
    }
    if (this.#again.delete(key) || this.#doubts.has(key)) this.doubt(key, true);
    this.#settle();
  }

  /** The state that this entry follows; null: it is known already, or the state has to be asked for. */
  #next({ conversation, seq }: EventData<"message"> | EventData<"change">): ConversationState | null {
    const key = keyOf(conversation);
    this.#touched?.add(key);
    const state = this.states.get(key);
    if (state && seq <= state.head.seq) return null;
    if (state && seq === state.head.seq + 1) return state;
    // The first word to everybody finds nobody with a state of it.
    this.doubt(key, !isEverybodys(conversation));
    return null;
  }

  #settle(): void {
    if (this.#doubts.size > 0 || this.#asking.size > 0 || this.#touched) return;
    this.#settledCursor = this.#cursor;
    this.#link.persistence.changed("cursor", () => this.#settledCursor ?? undefined);
  }

  #set(key: string, state: ConversationState): void {
    this.states.set(key, state);
    this.#changed(key, state);
  }

  #trust(key: string): void {
    if (this.#doubts.delete(key)) this.#link.persistence.changed("doubts", () => [...this.#doubts]);
  }

  #remove(key: string): void {
    this.#trust(key);
    if (this.states.delete(key)) this.#changed(key, null);
  }

  #changed(key: string, state: ConversationState | null): void {
    this.#link.persistence.changed(`state/${key}`, () => this.states.get(key));
    this.#events.onState(key, state);
  }
}
