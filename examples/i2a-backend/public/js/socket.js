// @ts-check
/**
 * A client of the I2A chat socket: connects, comes back when the line drops, and matches answers to questions.
 *
 * Frames carry no request ids. An answer has the type of its question and names the room, and one connection's
 * questions are answered in order, so the oldest question of that type and room is the one meant. An ERROR names its
 * room at best; it is taken to answer the oldest open question that fits.
 */
import { paceFrames } from "./pace.js";

/**
 * @typedef {import("./types.d.ts").Frame} Frame
 * @typedef {import("./types.d.ts").ConnectionState} ConnectionState
 * @typedef {{ type: string, chat_room_identifier?: string, chat_room_identifiers?: string[] } & Record<string, unknown>} Question
 * @typedef {{ question: Question, resolve: (frame: Frame) => void, reject: (error: Error) => void, timer: ReturnType<typeof setTimeout> }} Waiter
 * @typedef {object} Options
 * @property {() => Promise<string>} address resolves to the socket's address with a fresh token in it
 * @property {(frame: Frame) => void} onFrame
 * @property {(state: ConnectionState) => void} onState
 */

const answerMs = 10_000;
const firstDelayMs = 500;
const longestDelayMs = 15_000;
const steadyMs = 5_000;

/** Close codes that mean more than "try again": 1000, the same device connected elsewhere; 1008, get a new token. */
const closed = { replaced: 1000, policy: 1008, restart: 1012 };

export class ChatSocket {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    /** @type {ConnectionState} */
    this.state = "stopped";
    /** @type {WebSocket | null} */
    this.line = null;
    /** Address that worked and may work again. @type {string | null} */
    this.address = null;
    this.failures = 0;
    this.openedAt = Number.POSITIVE_INFINITY;
    /** @type {Waiter[]} */
    this.waiters = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retry = undefined;
    this.pace = paceFrames((frame) => this.line?.send(frame));
    addEventListener("online", () => this.state === "waiting" && this.connect());
    addEventListener("offline", () => this.drop());
  }

  /** Connects now, whatever the state; also the way back after another window took over. */
  async connect() {
    clearTimeout(this.retry);
    this.hangUp();
    this.become("connecting");
    try {
      this.address ??= await this.options.address();
    } catch {
      if (this.state === "connecting" && this.line === null) this.waitAndRetry();
      return;
    }
    // While we waited for the address, somebody may have stopped us or connected again.
    if (this.state !== "connecting" || this.line !== null) return;
    const line = new WebSocket(this.address);
    this.line = line;
    let hasOpened = false;
    line.onopen = () => {
      hasOpened = true;
      this.openedAt = Date.now();
      this.become("connected");
    };
    line.onmessage = (event) => this.line === line && this.receive(JSON.parse(event.data));
    line.onclose = (event) => this.line === line && this.lost(event, hasOpened);
  }

  stop() {
    clearTimeout(this.retry);
    this.hangUp();
    this.become("stopped");
  }

  /** For a line that looks dead: hangs up and tries again soon. */
  drop() {
    if (this.state !== "connected" && this.state !== "connecting") return;
    this.hangUp();
    this.waitAndRetry();
  }

  /** Sends without waiting for anything. False: there is no connection. @param {Question} frame */
  send(frame) {
    if (this.state !== "connected") return false;
    this.pace.push(JSON.stringify(frame));
    return true;
  }

  /** Resolves to the answer; rejects on an ERROR frame or a lost connection. @param {Question} question @returns {Promise<Frame>} */
  ask(question) {
    return new Promise((resolve, reject) => {
      if (!this.send(question)) return reject(new Error("not connected"));
      const timer = setTimeout(() => this.drop(), answerMs);
      this.waiters.push({ question, resolve, reject, timer });
    });
  }

  /** @param {Frame} frame */
  receive(frame) {
    const room = frame.chat_room_identifier ?? frame.payload?.[0]?.chat_room_identifier;
    const waiter = this.take(
      ({ type, chat_room_identifier }) =>
        type === frame.type &&
        (room === undefined || chat_room_identifier === undefined || chat_room_identifier === room),
    );
    waiter?.resolve(frame);
    if (frame.type === "ERROR") {
      const named = frame.exception?.extra?.chat_room_identifier;
      const refused = this.take((question) =>
        named === undefined
          ? true
          : question.chat_room_identifier === named ||
            question.chat_room_identifiers?.includes(named) === true,
      );
      refused?.reject(new Error(frame.exception?.message));
    }
    this.options.onFrame(frame);
  }

  /** @param {(question: Question) => boolean} fits */
  take(fits) {
    const index = this.waiters.findIndex(({ question }) => fits(question));
    const [waiter] = index < 0 ? [] : this.waiters.splice(index, 1);
    clearTimeout(waiter?.timer);
    return waiter;
  }

  /** @param {CloseEvent} event @param {boolean} hasOpened */
  lost({ code, reason }, hasOpened) {
    this.hangUp();
    // The token is no good any more, or never was; browsers don't tell why a connection was refused.
    if (code === closed.policy || !hasOpened) this.address = null;
    if (code === closed.replaced) return this.become("replaced");
    this.waitAndRetry(code === closed.restart ? restartDelay(reason) : 0);
  }

  /** Waits longer each time, and never as long as the others do. @param {number} [atLeast] ms */
  waitAndRetry(atLeast = 0) {
    // Only a connection that held for a while makes up for the failures before it.
    if (Date.now() - this.openedAt > steadyMs) this.failures = 0;
    this.openedAt = Number.POSITIVE_INFINITY;
    const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** this.failures);
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), atLeast + delay * (0.5 + Math.random() / 2));
    this.become("waiting");
  }

  hangUp() {
    const line = this.line;
    this.line = null;
    line?.close();
    this.pace.clear();
    for (const { reject, timer } of this.waiters.splice(0)) {
      clearTimeout(timer);
      reject(new Error("the connection was lost"));
    }
  }

  /** @param {ConnectionState} state */
  become(state) {
    if (this.state === state) return;
    this.state = state;
    this.options.onState(state);
  }
}

/** A server that goes down says how long to stay away. @param {string} reason */
const restartDelay = (reason) => {
  try {
    const after = JSON.parse(reason).reconnect_after_ms;
    return typeof after === "number" ? Math.min(30_000, Math.max(0, after)) : 0;
  } catch {
    return 0;
  }
};
