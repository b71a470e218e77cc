/** One connection of a person, asked one thing at a time, so that every error frame has its request. */

import type { Time } from "../checker/history.ts";

// biome-ignore lint/suspicious/noExplicitAny: frames are looked into field by field.
export type Frame = any;

export interface Farewell {
  code: number;
  reason: string;
}

/** A socket that is given up without a farewell of its own. */
const givenUp: Farewell = { code: 0, reason: "given up" };

const openPatience = 3000;

export interface VisitEvents {
  onFrame(frame: Frame): void;
}

export class Visit {
  readonly #socket: WebSocket;
  readonly token: string;
  /** Resolves at the end of the connection, whoever ended it. */
  readonly ended: Promise<Farewell>;
  isOpen = false;
  #end: (farewell: Farewell) => void = () => {};
  #waiting: { matches(frame: Frame): boolean; settle(frame: Frame | null): void } | null = null;

  private constructor(socket: WebSocket, token: string, events: VisitEvents) {
    this.#socket = socket;
    this.token = token;
    this.ended = new Promise((resolve) => {
      this.#end = (farewell) => {
        this.isOpen = false;
        this.#waiting?.settle(null);
        resolve(farewell);
      };
    });
    socket.onclose = ({ code, reason }) => this.#end({ code, reason });
    socket.onmessage = ({ data }) => {
      if (!this.isOpen) return;
      const frame = JSON.parse(String(data));
      events.onFrame(frame);
      if (this.#waiting?.matches(frame)) this.#waiting.settle(frame);
    };
  }

  /** Null when the server refuses, or says nothing for 3 s. */
  static async open(address: string, token: string, events: VisitEvents): Promise<Visit | null> {
    const socket = new WebSocket(`${address}/socket/?token=${token}`);
    const visit = new Visit(socket, token, events);
    socket.onopen = () => {
      visit.isOpen = true;
    };
    const opened = new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
    await Promise.race([opened, visit.ended, after(openPatience)]);
    if (visit.isOpen) return visit;
    visit.giveUp();
    return null;
  }

  /**
   * Sends a frame and takes the frame that answers it, or the error that does. Null when none came in time or the
   * connection ended before.
   */
  ask(frame: object, isAnswer: (frame: Frame) => boolean, patience: number): Promise<Frame | null> {
    if (!this.isOpen || this.#waiting) return Promise.resolve(null);
    return new Promise((resolve) => {
      const settle = (answer: Frame | null) => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve(answer);
      };
      const timer = setTimeout(settle, patience, null);
      this.#waiting = { matches: (came) => came.type === "ERROR" || isAnswer(came), settle };
      this.#socket.send(JSON.stringify(frame));
    });
  }

  /** As an app that is killed: the server hears nothing of it but the end of the connection. */
  giveUp(): void {
    (this.#socket as unknown as { terminate(): void }).terminate();
    this.#end(givenUp);
  }
}

export const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** From nanoseconds, which a double holds with an error of less than half a microsecond, or from their digits. */
export const timeOf = (wireTime: number | string): Time => Math.round(Number(wireTime) / 1000);

/** The digits of a time as the protocol wants them. */
export const wireTimeOf = (time: Time): string => `${time}000`;
