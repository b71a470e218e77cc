import type { Send, Time, UnreadAnswer, Violation } from "../checker/history.ts";
import type { Dice } from "../plan/dice.ts";
import { RoomView } from "./room-view.ts";
import { after, type Farewell, type Frame, timeOf, Visit, wireTimeOf } from "./visit.ts";

/** Milliseconds that a person waits for an answer before the connection is given up. */
const answerPatience = [2000, 9000] as const;
/** Milliseconds between two texts of a person. */
const thinks = [0, 40] as const;
/** Milliseconds before a person who was told nothing else comes back. */
const comesBack = [30, 1000] as const;
const pageSize = 100;
/** The same device connected again. */
const replaced = 1000;
/** A handshake that was given up may be read by a frozen server much later, and then counts as the newest. */
const ghostMilliseconds = 20_000;

export interface PersonOptions {
  name: string;
  token: string;
  rooms: readonly string[];
  /** Whether this person writes; everybody listens. */
  writes: boolean;
  /** `ws://…` of every node. */
  nodes: readonly string[];
  /** Index of the node to begin on, so that each has its share. */
  startsOn: number;
  dice: Dice;
}

/** Somebody with an app as the protocol wants it: comes back to any node and reads what was missed from history. */
export class Person {
  readonly name: string;
  readonly views: ReadonlyMap<string, RoomView>;
  readonly sends: Send[] = [];
  readonly violations: Violation[] = [];
  /** Whether texts and marks are sent at present. */
  isActive = true;
  /** Whether a text waits for its answer. */
  isBusy = false;
  deliveries = 0;
  connections = 0;
  /** Error frames by code. */
  readonly errors = new Map<number, number>();
  readonly #options: PersonOptions;
  #isOver = false;
  #visit: Visit | null = null;
  #node = -1;
  #ghostAt = Number.NEGATIVE_INFINITY;
  #number = 0;
  /** Told to say its unread counts once everything else is done. */
  #unread: ((answers: UnreadAnswer[]) => void) | null = null;

  constructor(options: PersonOptions) {
    this.name = options.name;
    this.#options = options;
    this.views = new Map(options.rooms.map((room) => [room, new RoomView(options.name, room)]));
  }

  /** For the person who reads a violation. */
  get whereabouts(): string {
    return this.#visit?.isOpen ? `on node ${this.#node}` : `not connected, last on node ${this.#node}`;
  }

  /** Resolves after `stop`. */
  async run(): Promise<void> {
    const { dice, nodes, startsOn } = this.#options;
    for (let isFirst = true; !this.#isOver; isFirst = false) {
      // To another node than before, if there is one.
      const others = nodes.flatMap((_, index) => (index === this.#node ? [] : [index]));
      this.#node = isFirst ? startsOn : dice.pick(others.length > 0 ? others : [0]);
      const wait = await this.#visitNode(nodes[this.#node] as string);
      if (!this.#isOver) await after(wait ?? dice.between(...comesBack));
    }
  }

  stop(): void {
    this.#isOver = true;
    this.#visit?.giveUp();
  }

  /** Marks some of the rooms as read up to a recent message, and tells every count and mark. */
  tellUnread(): Promise<UnreadAnswer[]> {
    return new Promise((resolve) => {
      this.#unread = resolve;
    });
  }

  /** Resolves at the end of the connection with how long to wait, if the server said so. */
  async #visitNode(address: string): Promise<number | undefined> {
    for (const view of this.views.values()) view.begin();
    const begunAt = performance.now();
    const url = `${address}/socket/?token=${this.#options.token}`;
    const visit = await Visit.open(url, { onFrame: (frame) => this.#hear(frame) });
    if (!visit) {
      if (performance.now() - begunAt > 1000) this.#ghostAt = performance.now();
      return undefined;
    }
    this.#visit = visit;
    this.connections++;
    while (visit.isOpen && !this.#isOver) await this.#doNext(visit);
    const farewell = await visit.ended;
    if (!this.#isOver) this.#judge(farewell);
    return reconnectAfter(farewell);
  }

  async #doNext(visit: Visit): Promise<void> {
    const { dice, writes } = this.#options;
    const behind = [...this.views.values()].find((view) => !view.isCaughtUp);
    if (behind) await this.#catchUp(visit, behind);
    else if (this.#unread) await this.#answerUnread(visit);
    else if (this.isActive && writes) await this.#say(visit, dice.pick(this.#options.rooms));
    else if (this.isActive && dice.happens(0.1)) {
      const view = dice.pick([...this.views.values()]);
      if (view.head > 0) await this.#markRead(visit, view, view.head);
    }
    await Promise.race([after(dice.between(...thinks)), visit.ended]);
  }

  #hear(frame: Frame): void {
    const view = this.views.get(frame.chat_room_identifier);
    if (frame.type === "ROUTABLE" && view) {
      this.deliveries++;
      view.hear(timeOf(frame.message_timestamp_identifier));
    } else if (frame.type === "SET_LAST_MESSAGE_READ" && view && personOf(frame) === this.name) {
      view.confirmed = Math.max(view.confirmed, timeOf(frame.message_timestamp_identifier));
    } else if (frame.type === "ERROR") {
      const code = frame.exception.error_code;
      this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
      // Faults are no reason to tell a member of an existing room that it is not so.
      if (code !== 10006 && code !== 10000)
        this.violations.push({
          kind: "denied",
          text: `${this.name} ${this.whereabouts}: ${JSON.stringify(frame)}`,
        });
    }
  }

  async #say(visit: Visit, room: string): Promise<void> {
    const text = `${this.name}:${this.#number++}`;
    const send: Send = { person: this.name, room, text, answer: "unanswered", time: null };
    this.sends.push(send);
    this.isBusy = true;
    const isEcho = (frame: Frame) => frame.type === "ROUTABLE" && frame.message === text;
    const answer = await this.#ask(
      visit,
      { type: "ROUTABLE", chat_room_identifier: room, message: text },
      isEcho,
    );
    this.isBusy = false;
    if (!answer) return;
    if (answer.type === "ROUTABLE") {
      send.answer = "acknowledged";
      send.time = timeOf(answer.message_timestamp_identifier);
    } else if (answer.exception.error_code !== 10000) send.answer = "refused";
  }

  /** Reads pages from the newest message on, back to what is known. */
  async #catchUp(visit: Visit, view: RoomView): Promise<void> {
    const newestFirst: Time[] = [];
    let from = `${Date.now() + 3_600_000}000000`;
    for (;;) {
      const request = {
        type: "GET_HISTORY",
        chat_room_identifier: view.room,
        from_message_timestamp_identifier: from,
        limit: pageSize,
      };
      const answer = await this.#ask(visit, request, (frame) => frame.type === "GET_HISTORY");
      if (answer?.type !== "GET_HISTORY") {
        await Promise.race([after(200), visit.ended]);
        return;
      }
      const page: Time[] = answer.payload.map((item: Frame) => timeOf(item.message_timestamp_identifier));
      newestFirst.push(...page.filter((time) => time > view.head));
      const oldest = page.at(-1);
      if (oldest === undefined || oldest <= view.head) break;
      from = wireTimeOf(oldest);
    }
    view.catchUp(newestFirst.reverse());
  }

  async #markRead(visit: Visit, view: RoomView, time: Time): Promise<void> {
    const request = {
      type: "SET_LAST_MESSAGE_READ",
      chat_room_identifier: view.room,
      message_timestamp_identifier: wireTimeOf(time),
    };
    const isAnswer = (frame: Frame) => frame.type === request.type && personOf(frame) === this.name;
    await this.#ask(visit, request, isAnswer);
  }

  async #answerUnread(visit: Visit): Promise<void> {
    const rooms = [...this.views.keys()];
    for (const view of this.views.values()) {
      const recent = view.sights.flatMap(({ live, history }) => [...history, ...live]).slice(-60);
      if (recent.length > 0 && this.#options.dice.happens(0.7))
        await this.#markRead(visit, view, this.#options.dice.pick(recent));
    }
    const type = "GET_UNREAD_MESSAGES_COUNT";
    const counts = await this.#ask(
      visit,
      { type, chat_room_identifiers: rooms },
      (frame) => frame.type === type,
    );
    if (counts?.type !== type) return;
    const answers: UnreadAnswer[] = [];
    for (const { room, confirmed } of this.views.values()) {
      const request = { type: "GET_LAST_MESSAGES_READ", chat_room_identifier: room };
      const marks = await this.#ask(visit, request, (frame) => frame.type === request.type);
      if (marks?.type !== request.type) return;
      const own = marks.payload.find((item: Frame) => personOf(item) === this.name);
      answers.push({
        person: this.name,
        room,
        count:
          counts.payload.find((item: Frame) => item.chat_room_identifier === room)?.unread_messages_count ??
          null,
        mark: own ? timeOf(own.message_timestamp_identifier) : 0,
        confirmed,
      });
    }
    this.#unread?.(answers);
    this.#unread = null;
  }

  /** No answer in time: the connection is given up, as an app would. */
  async #ask(visit: Visit, frame: object, isAnswer: (frame: Frame) => boolean): Promise<Frame | null> {
    const answer = await visit.ask(frame, isAnswer, this.#options.dice.between(...answerPatience));
    if (answer === null) visit.giveUp();
    return answer;
  }

  /** Codes that would make an app stay away, though nobody closed its session or connected its device elsewhere. */
  #judge({ code, reason }: Farewell): void {
    const hasGhost = performance.now() - this.#ghostAt < ghostMilliseconds;
    if ((code === replaced && reason !== "" && !hasGhost) || code === 4000 || code === 4001)
      this.violations.push({
        kind: "sent away",
        text: `${this.name} was told ${code} ${reason} by node ${this.#node} at ${new Date().toISOString()}`,
      });
  }
}

const personOf = (frame: Frame): string => String(frame.app_user_identifier).replace(/:[^:]*$/, "");

function reconnectAfter({ code, reason }: Farewell): number | undefined {
  if (code !== 1012) return undefined;
  try {
    return Number(JSON.parse(reason).reconnect_after_ms);
  } catch {
    return undefined;
  }
}
