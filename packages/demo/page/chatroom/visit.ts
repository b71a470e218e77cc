/** Somebody's stay in one chatroom: whether they are in, what they have not looked at yet, and who came and went. */

import type { Chatroom, Client, ShownMessage } from "@parlance/client";

export const topicKey = "topic";
/** The most that joining brings. */
const historyCount = 50;
const mostNotices = 30;
/** People that one notice gathers. */
const mostGathered = 20;

export interface Notice {
  id: number;
  /** back: one's own connection, after a loss; gap: more was written meanwhile than joining brings. */
  kind: "came" | "went" | "back" | "gap";
  userIds: readonly string[];
  /** It stands behind this message. */
  afterSeq: number;
}

export interface VisitState {
  phase: "out" | "entering" | "in";
  /** Why it is over, though nobody here wished so; "" otherwise. */
  reason: string;
  /** The connection was lost, and one is not joined again yet. */
  isWaiting: boolean;
  memberCount: number;
  topic: string;
  messages: readonly ShownMessage[];
  /** In the order of the messages they stand behind. */
  notices: readonly Notice[];
  /** Messages of others since this chatroom was looked at. */
  unseen: number;
}

export class Visit {
  readonly chatroom: Chatroom;
  readonly #ownId: string;
  readonly #onPhase: () => void;
  readonly #stops: (() => void)[];
  readonly #listeners = new Set<() => void>();
  #phase: VisitState["phase"] = "out";
  #reason = "";
  #notices: readonly Notice[] = [];
  #lastNotice = 0;
  #isShown = false;
  #seenSeq = 0;
  /** What was known when the connection was lost; null: it is there, and joined again. */
  #lastSeq: number | null = null;
  #leaving: Promise<unknown> = Promise.resolve();
  #state: VisitState | null = null;

  constructor(client: Client, id: string, onPhase: () => void) {
    const chatroom = client.chatroom(id);
    this.chatroom = chatroom;
    this.#ownId = client.userId;
    this.#onPhase = onPhase;
    this.#stops = [
      client.on("status", ({ status }) => {
        if (status === "online" || this.#phase !== "in") return;
        this.#lastSeq ??= this.#newestSeq();
        this.#changed();
      }),
      chatroom.on("messages", () => this.#changed()),
      chatroom.on("keys", () => this.#changed()),
      chatroom.on("members", ({ joined, left }) => {
        this.#notePeople("went", left);
        this.#notePeople("came", joined);
        this.#changed();
      }),
      chatroom.on("rejoined", () => this.#onRejoined()),
      chatroom.on("left", ({ reason }) => this.#over(reason)),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same object until something changes. */
  get state(): VisitState {
    const { chatroom } = this;
    const { messages } = chatroom;
    this.#state ??= {
      phase: this.#phase,
      reason: this.#reason,
      isWaiting: this.#lastSeq !== null,
      memberCount: chatroom.memberCount,
      topic: chatroom.keys.get(topicKey)?.value ?? "",
      messages,
      notices: this.#notices,
      unseen: messages.filter(({ seq, from }) => seq > this.#seenSeq && from !== this.#ownId).length,
    };
    return this.#state;
  }

  /** Never rejects. Without a connection one is in as soon as there is one. */
  async enter(): Promise<void> {
    if (this.#phase !== "out") return;
    this.#setPhase("entering");
    // The news that one has left must not end the next stay.
    await this.#leaving;
    try {
      await this.chatroom.join({ historyCount });
      this.#onEntered();
    } catch (error) {
      if (!this.chatroom.isJoined) this.#over((error as Error).name);
    }
  }

  leave(): void {
    if (this.#phase === "out") return;
    this.#leaving = this.chatroom.leave().catch(() => {});
    this.#over("");
  }

  /** It is looked at until what this returns is called. */
  show(): () => void {
    this.#isShown = true;
    this.#changed();
    return () => {
      this.#isShown = false;
    };
  }

  /** An empty topic is none. Anybody may change what anybody wrote. */
  setTopic(topic: string): Promise<void> {
    return topic === ""
      ? this.chatroom.removeKeys([topicKey], { isForced: true })
      : this.chatroom.setKeys({ [topicKey]: topic }, { isForced: true });
  }

  #onEntered(): void {
    if (this.#phase !== "entering") return;
    this.#seenSeq = this.#newestSeq();
    this.#setPhase("in");
  }

  #onRejoined(): void {
    if (this.#phase === "in") this.#noteReturn();
    this.#onEntered();
    this.#changed();
  }

  #over(reason: string): void {
    this.#reason = reason;
    this.#notices = [];
    this.#seenSeq = 0;
    this.#lastSeq = null;
    this.#setPhase("out");
  }

  #setPhase(phase: VisitState["phase"]): void {
    if (phase !== "out") this.#reason = "";
    this.#phase = phase;
    this.#changed();
    this.#onPhase();
  }

  #noteReturn(): void {
    const lastSeq = this.#lastSeq;
    this.#lastSeq = null;
    // The server may have it joined again without a loss of the connection.
    if (lastSeq === null) return;
    const missed = this.chatroom.messages.filter(({ seq }) => seq > lastSeq);
    const isGap = missed.length >= historyCount && (missed[0]?.seq ?? 0) > lastSeq + 1;
    if (isGap) this.#note("gap", [this.#ownId], lastSeq);
    else this.#note("back", [this.#ownId], this.#newestSeq());
  }

  #notePeople(kind: "came" | "went", people: readonly string[]): void {
    const userIds = people.filter((userId) => userId !== this.#ownId);
    if (userIds.length > 0) this.#note(kind, userIds, this.#newestSeq());
  }

  /** What follows its like without a message between them is added to it. */
  #note(kind: Notice["kind"], userIds: readonly string[], afterSeq: number): void {
    const last = this.#notices.at(-1);
    const gathered = [...new Set([...(last?.userIds ?? []), ...userIds])];
    const isAdded = last?.kind === kind && last.afterSeq === afterSeq && gathered.length <= mostGathered;
    const notice =
      last && isAdded ? { ...last, userIds: gathered } : { id: ++this.#lastNotice, kind, userIds, afterSeq };
    const notices = [...(isAdded ? this.#notices.slice(0, -1) : this.#notices), notice];
    this.#notices = notices.slice(-mostNotices).sort((one, other) => one.afterSeq - other.afterSeq);
  }

  #newestSeq(): number {
    return this.chatroom.messages.findLast(({ seq }) => seq > 0)?.seq ?? 0;
  }

  #changed(): void {
    if (this.#isShown && this.#phase === "in") this.#seenSeq = this.#newestSeq();
    this.#state = null;
    for (const listener of this.#listeners) listener();
  }
}
