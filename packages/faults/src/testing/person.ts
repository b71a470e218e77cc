import type { Send, Time, UnreadAnswer, Violation, ViolationKind } from "../checker/history.ts";
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
const sessionClosed = 4000;
/** No room of this person's. */
const notAllowed = 10001;
/** Chance, at each thing a person does, that the device connects anew without ending its connection. */
const leavesOpen = 0.001;
/** Others only listen at the end, so that marks stand still when counts are asked for. */
export const firstDevice = "phone";
/** A handshake that was given up may be read by a frozen server much later, and then counts as the newest. */
const ghostMilliseconds = 20_000;

export interface PersonOptions {
  name: string;
  device: string;
  /** For the person who reads a violation, and in every text: unique among all apps. */
  label: string;
  token: string;
  rooms: readonly Room[];
  /** Whether this person writes; everybody listens. */
  writes: boolean;
  /** `ws://…` of every node. */
  nodes: readonly string[];
  /** Index of the node to begin on, so that each has its share. */
  startsOn: number;
  dice: Dice;
}

export interface Room {
  id: string;
  isMass: boolean;
  isMember: boolean;
}

/** Somebody with an app as the protocol wants it: comes back to any node and reads what was missed from history. */
export class Person {
  readonly name: string;
  readonly device: string;
  readonly label: string;
  /** Of an open session; null while there is none. */
  token: string | null;
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
  /** Connections that a newer one of the same device was made beside: each must end. */
  readonly #older: Visit[] = [];
  readonly #closedTokens = new Set<string>();
  #node = -1;
  /** What waits for its answer. */
  #asked = "";
  #ghostAt = Number.NEGATIVE_INFINITY;
  #number = 0;
  /** Told to say its unread counts once everything else is done. */
  #unread: ((answers: UnreadAnswer[]) => void) | null = null;

  constructor(options: PersonOptions) {
    this.name = options.name;
    this.device = options.device;
    this.label = options.label;
    this.token = options.token;
    this.#options = options;
    this.views = new Map(
      options.rooms.map(({ id, isMass, isMember }) => [
        id,
        new RoomView(options.label, id, isMass, isMember),
      ]),
    );
  }

  /** What is sent to this person now is heard. */
  get isConnected(): boolean {
    const visit = this.#visit;
    return visit?.isOpen === true && !this.#older.includes(visit);
  }

  /** Why this person is not as it should be at the end; null if all is well. */
  get trouble(): string | null {
    const visit = this.#visit;
    if (visit?.isOpen && this.#closedTokens.has(visit.token)) return "is connected with a closed session";
    if (this.#older.some(({ isOpen }) => isOpen)) return "has two connections of one device";
    return null;
  }

  /** The session is being closed: what is connected with it must end. */
  closing(): string | null {
    const { token } = this;
    if (token !== null) this.#closedTokens.add(token);
    this.token = null;
    return token;
  }

  /** For the person who reads a violation. */
  get whereabouts(): string {
    if (!this.#visit?.isOpen) return `not connected, last on node ${this.#node}`;
    return `on node ${this.#node}${this.#asked && ` (asked ${this.#asked})`}`;
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
    for (const visit of this.#older) visit.giveUp();
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
    const { token } = this;
    if (token === null) return undefined;
    for (const view of this.views.values()) view.begin();
    const begunAt = performance.now();
    const visit = await Visit.open(address, token, {
      // What a connection hears that the device has left for another is nothing to it any more.
      onFrame: (frame) => !this.#older.includes(visit as Visit) && this.#hear(frame),
    });
    if (!visit) {
      if (performance.now() - begunAt > 1000) this.#ghostAt = performance.now();
      return undefined;
    }
    this.#visit = visit;
    this.connections++;
    while (visit.isOpen && !this.#isOver) {
      if (this.isActive && this.#options.dice.happens(leavesOpen)) {
        this.#older.push(visit);
        return 0;
      }
      await this.#doNext(visit);
    }
    const farewell = await visit.ended;
    if (!this.#isOver) this.#judge(farewell, token);
    return reconnectAfter(farewell);
  }

  async #doNext(visit: Visit): Promise<void> {
    const { dice, writes } = this.#options;
    const behind = [...this.views.values()].find(
      ({ isCaughtUp, isPatient }) => !isCaughtUp && !(isPatient && this.isActive),
    );
    const own = [...this.views.values()].filter(({ isMember }) => isMember);
    const closed = [...this.views.values()].find(({ isMember, isRefused }) => !isMember && !isRefused);
    if (behind) await this.#catchUp(visit, behind);
    else if (!this.isActive && closed) await this.#tryDoor(visit, closed);
    else if (this.#unread) await this.#answerUnread(visit);
    else if (this.isActive && own.length > 0 && writes) await this.#say(visit, dice.pick(own));
    else if (this.isActive && own.length > 0 && dice.happens(0.1)) {
      const view = dice.pick(own);
      if (view.head > 0 && !view.isMass) await this.#markRead(visit, view, view.head);
    }
    await Promise.race([after(dice.between(...thinks)), visit.ended]);
  }

  #hear(frame: Frame): void {
    const view = this.views.get(frame.chat_room_identifier);
    if (frame.type === "ROUTABLE" || frame.type === "SYSTEM_ROUTABLE") {
      this.deliveries++;
      if (!view?.hear(timeOf(frame.message_timestamp_identifier)))
        this.#complain("not theirs", JSON.stringify(frame));
    } else if (frame.type === "SET_LAST_MESSAGE_READ" && view && personOf(frame) === this.name) {
      view.confirmed = Math.max(view.confirmed, timeOf(frame.message_timestamp_identifier));
    } else if (frame.type === "ERROR") {
      const code = frame.exception.error_code;
      this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
    }
  }

  #complain(kind: ViolationKind, text: string): void {
    this.violations.push({ kind, text: `${this.label} ${this.whereabouts}: ${text}` });
  }

  async #say(visit: Visit, view: RoomView): Promise<void> {
    const text = `${this.label}:${this.#number++}`;
    const { name, device } = this;
    const begunAt = performance.now();
    const send: Send = {
      person: name,
      device,
      room: view.room,
      text,
      begunAt,
      answer: "unanswered",
      time: null,
    };
    this.sends.push(send);
    this.isBusy = true;
    const isEcho = (frame: Frame) => frame.type === "ROUTABLE" && frame.message === text;
    const request = { type: "ROUTABLE", chat_room_identifier: view.room, message: text };
    const answer = await this.#ask(visit, request, isEcho);
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
    const { changes } = view;
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
    if (view.changes === changes) view.catchUp(newestFirst.reverse());
  }

  /** Whether a room is closed to somebody who is no member. */
  async #tryDoor(visit: Visit, view: RoomView): Promise<void> {
    const { changes } = view;
    const request = {
      type: "GET_HISTORY",
      chat_room_identifier: view.room,
      from_message_timestamp_identifier: "9000000000000000000",
      limit: 1,
    };
    const answer = await this.#ask(visit, request, (frame) => frame.type === request.type);
    const isRefusal = answer?.type === "ERROR" && answer.exception.error_code === notAllowed;
    if (view.changes === changes) view.isRefused = isRefusal;
    if (!isRefusal) await Promise.race([after(100), visit.ended]);
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
    const views = [...this.views.values()].filter(({ isMember, isMass }) => isMember && !isMass);
    for (const view of this.device === firstDevice ? views : []) {
      const recent = view.sights.flatMap(({ live, history }) => [...history, ...live]).slice(-60);
      if (recent.length > 0 && this.#options.dice.happens(0.7))
        await this.#markRead(visit, view, this.#options.dice.pick(recent));
    }
    const type = "GET_UNREAD_MESSAGES_COUNT";
    const counts = await this.#ask(
      visit,
      { type, chat_room_identifiers: views.map(({ room }) => room) },
      (frame) => frame.type === type,
    );
    if (counts?.type !== type) return;
    const answers: UnreadAnswer[] = [];
    for (const { room, confirmed } of views) {
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
  async #ask(visit: Visit, frame: Frame, isAnswer: (frame: Frame) => boolean): Promise<Frame | null> {
    const view = this.views.get(frame.chat_room_identifier);
    const changes = view?.changes;
    this.#asked = JSON.stringify(frame);
    const answer = await visit.ask(frame, isAnswer, this.#options.dice.between(...answerPatience));
    this.#asked = "";
    if (answer === null) visit.giveUp();
    else if (answer.type === "ERROR" && view?.isMember !== false && view?.changes === changes) {
      // Faults are no reason to tell a member of an existing room that it is not so.
      if (![10006, 10000].includes(answer.exception.error_code))
        this.#complain("denied", JSON.stringify(answer));
    }
    return answer;
  }

  /** Codes that would make an app stay away, though nobody closed its session or connected its device elsewhere. */
  #judge({ code, reason }: Farewell, token: string): void {
    const hasGhost = performance.now() - this.#ghostAt < ghostMilliseconds;
    if (code === sessionClosed && this.#closedTokens.has(token)) return;
    if ((code === replaced && reason !== "" && !hasGhost) || code === sessionClosed || code === 4001)
      this.#complain("sent away", `was told ${code} ${reason} at ${new Date().toISOString()}`);
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
