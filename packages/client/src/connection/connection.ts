/** One connection at a time, opened again until told to stop. What it carries is for others to understand. */

import type { EventData, MethodName, ParamsOf, ResultOf } from "@parlance/protocol";
import { type CloseAction, closeActionOf, readCloseReason } from "@parlance/protocol/close-codes";
import { tokenSubprotocol } from "@parlance/protocol/version";
import type { Environment, Socket } from "../environment.ts";
import { localError } from "../error.ts";
import { backOff } from "./back-off.ts";
import { base64url } from "./base64url.ts";
import type { FrameCodec } from "./codec.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Requests } from "./requests.ts";

/** offline: waits for the next attempt. stopped: `close()`, or the server said not to come back. */
export type Status = "offline" | "connecting" | "online" | "stopped";

export type Token = string | (() => string | Promise<string>);

export interface Stopped {
  /** The close code; 0: the client itself. */
  code: number;
  name: string;
}

export interface ConnectionEvents {
  onStatus(status: Status, stopped?: Stopped): void;
  onWelcome(welcome: EventData<"welcome">): void;
  onEvent(name: string, data: unknown): void;
}

type Frame = Partial<Record<"id" | "result" | "error" | "event" | "data", unknown>> | null;

/** From the attempt to the server's first frame. */
const openMs = 15_000;
/** So many attempts that never opened, and the token may be to blame: browsers don't say why an upgrade failed. */
const attemptsAToken = 3;

export class Connection {
  status: Status = "stopped";
  #url: string;
  #token: Token;
  #knownToken: string | null = null;
  #codec: FrameCodec;
  #environment: Environment;
  #events: ConnectionEvents;
  #socket: Socket | null = null;
  #requests: Requests | null = null;
  #heartbeat: Heartbeat | null = null;
  #timer: unknown = null;
  #failures = 0;

  constructor(
    url: string,
    token: Token,
    codec: FrameCodec,
    environment: Environment,
    events: ConnectionEvents,
  ) {
    this.#url = url;
    this.#token = token;
    this.#codec = codec;
    this.#environment = environment;
    this.#events = events;
  }

  /** Begins, or doesn't wait any longer for the next attempt. */
  start(): void {
    if (this.status === "connecting" || this.status === "online") return;
    void this.#open();
  }

  stop(stopped: Stopped = { code: 0, name: "closed" }): void {
    if (this.status === "stopped") return;
    this.#drop(1000);
    this.#setStatus("stopped", stopped);
  }

  /** Ends the connection, if there is one, and comes back as after a cut line. */
  restart(): void {
    if (this.#socket) this.#ended(4002, "");
  }

  request<Name extends MethodName>(method: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>> {
    if (this.status !== "online" || !this.#requests)
      return Promise.reject(localError(this.status === "stopped" ? "closed" : "offline"));
    return this.#requests.request(method, params);
  }

  async #open(): Promise<void> {
    this.#environment.clearTimeout(this.#timer);
    this.#setStatus("connecting");
    let isOver = false;
    // Taken back by whatever ends this attempt.
    const timer = this.#environment.setTimeout(() => this.#ended(4002, ""), openMs);
    this.#timer = timer;
    try {
      this.#knownToken ??= typeof this.#token === "string" ? this.#token : await this.#token();
    } catch {
      isOver = true;
    }
    if (this.#timer !== timer) return;
    if (isOver) return this.#ended(4002, "");
    const { subprotocol } = this.#codec;
    const protocols = [subprotocol, tokenSubprotocol + base64url(this.#knownToken as string)];
    let socket: Socket;
    try {
      socket = new this.#environment.WebSocket(this.#url, protocols);
    } catch {
      return this.stop({ code: 0, name: "wrongUrl" });
    }
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }: { data: unknown }) => this.#received(data);
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => this.#ended(code, reason);
    // A close follows, and says more.
    socket.onerror = () => {};
  }

  #received(data: unknown): void {
    let frame: Frame;
    try {
      const payload = typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer);
      frame = this.#codec.decode(payload) as Frame;
    } catch {
      return;
    }
    this.#heartbeat?.heard();
    if (typeof frame !== "object" || frame === null) return;
    if (typeof frame.id === "number") this.#requests?.settle(frame.id, frame);
    else if (frame.event === "welcome") this.#welcome(frame.data as EventData<"welcome">);
    else if (typeof frame.event === "string" && this.#requests) this.#events.onEvent(frame.event, frame.data);
  }

  #welcome(welcome: EventData<"welcome">): void {
    if (this.#requests) return;
    this.#environment.clearTimeout(this.#timer);
    this.#failures = 0;
    this.#requests = new Requests(this.#environment, welcome.limits.openRequests, (frame) =>
      this.#socket?.send(this.#codec.encode(frame)),
    );
    this.#heartbeat = new Heartbeat(this.#environment, welcome.heartbeatSeconds * 1000, {
      ask: () => this.#requests?.request("ping", {}).catch(() => {}),
      giveUp: () => this.restart(),
    });
    this.#setStatus("online");
    this.#events.onWelcome(welcome);
  }

  #ended(code: number, reason: string): void {
    if (this.status === "stopped") return;
    const hasOpened = this.#requests !== null;
    const { name = "", retryAfterMs = 0 } = readCloseReason(reason);
    let action: CloseAction = closeActionOf(code);
    this.#drop(1000);
    const canRefresh = typeof this.#token === "function";
    if (action === "newToken" || (!hasOpened && this.#failures % attemptsAToken === attemptsAToken - 1)) {
      if (canRefresh) this.#knownToken = null;
      else if (action === "newToken") action = "stop";
    }
    if (action === "stop") {
      this.#setStatus("stopped", { code, name });
      return;
    }
    const isFirst = action === "newToken" && this.#failures === 0;
    const delay = isFirst ? retryAfterMs : backOff(this.#failures, retryAfterMs, this.#environment.random);
    this.#failures++;
    // Stands before anybody is told: whoever is may already want to start.
    this.#timer = this.#environment.setTimeout(() => void this.#open(), delay);
    this.#setStatus("offline");
  }

  #drop(code: number): void {
    this.#environment.clearTimeout(this.#timer);
    this.#timer = null;
    this.#heartbeat?.stop();
    this.#heartbeat = null;
    const [socket, requests] = [this.#socket, this.#requests];
    this.#socket = this.#requests = null;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      // One that never opened throws in some runtimes.
      try {
        socket.close(code);
      } catch {}
    }
    requests?.rejectAll();
  }

  #setStatus(status: Status, stopped?: Stopped): void {
    if (this.status === status) return;
    this.status = status;
    this.#events.onStatus(status, stopped);
  }
}
