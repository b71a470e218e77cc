import type { Socket } from "bun";
import { type Dialect, kind, type Seat } from "../dialects/dialect.ts";
import { clientFrame, FrameReader, type FrameSink, opcode, opcodeOf } from "./frames.ts";
import { acceptUpgrade, upgradeRequest } from "./handshake.ts";
import { inflate } from "./inflate.ts";

/** What all connections of a generator count together. */
export interface Tally {
  messages: number;
  others: number;
  bytes: number;
  bytesSent: number;
  errors: number;
  /** Connections that ended after they were ready, without being asked to. */
  lost: number;
  /** The first refusal or the reason of the first lost connection, to show to a person. */
  firstError: string | null;
}

export const newTally = (): Tally => ({
  messages: 0,
  others: 0,
  bytes: 0,
  bytesSent: 0,
  errors: 0,
  lost: 0,
  firstError: null,
});

/** Told of each chat message of one connection; the bytes are valid during the call only. */
export type MessageListener = (bytes: Uint8Array, start: number, end: number) => void;

/** Unsent bytes a connection may hold. More means that the server stopped reading, and the run is void. */
const MAX_UNSENT = 8 * 1024 * 1024;
const OPEN_MILLIS = 30_000;

/** One client on raw TCP: upgrades, counts frames, answers pings, and writes once per chunk that it read. */
export class Connection implements FrameSink {
  readonly seat: Seat;
  onMessage: MessageListener | null = null;
  /** Told of each text that is no chat message. */
  onOther: MessageListener | null = null;
  /** Told when the connection ends after it was ready, unless we closed it. */
  onLost: (() => void) | null = null;
  readonly #dialect: Dialect;
  readonly #tally: Tally;
  readonly #reader: FrameReader;
  readonly #opened = Promise.withResolvers<void>();
  #state: "upgrading" | "greeting" | "ready" | "closed" = "upgrading";
  #answer: Buffer | null = null;
  #socket: Socket<Connection> | null = null;
  #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  #isReading = false;
  #isBlocked = false;

  constructor(seat: Seat, dialect: Dialect, tally: Tally) {
    this.seat = seat;
    this.#dialect = dialect;
    this.#tally = tally;
    this.#reader = new FrameReader(dialect.isCompressed);
    this.#opened.promise.catch(() => {}); // A refusal is `open`'s to throw, also when it comes before the await.
  }

  /** Resolves when the dialect may send; throws a refusal, or after 30 seconds. */
  async open(): Promise<void> {
    const { host, port, path } = this.seat;
    const timer = setTimeout(() => this.#fail(new Error("no connection within 30 seconds")), OPEN_MILLIS);
    try {
      this.#socket = await Bun.connect({ hostname: host, port, data: this, socket: handlers });
      this.#write(Buffer.from(upgradeRequest(host, port, path, this.#dialect)));
      await this.#opened.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Queues a whole frame; written at once, or after the chunk that is being read. The bytes are copied or kept. */
  send(frame: Uint8Array): void {
    this.#unsent.push(frame);
    this.#unsentBytes += frame.length;
    if (this.#unsentBytes > MAX_UNSENT) throw new Error("the server does not read what it is sent");
    if (!this.#isReading) this.flush();
  }

  /** Writes what is queued, as far as the socket takes it. */
  flush(): void {
    if (this.#unsent.length === 0 || this.#isBlocked) return;
    const bytes = this.#unsent.length === 1 ? (this.#unsent[0] as Uint8Array) : Buffer.concat(this.#unsent);
    this.#unsent = [];
    this.#unsentBytes = 0;
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    const written = Math.max(0, this.#socket?.write(bytes) ?? 0);
    this.#tally.bytesSent += written;
    if (written === bytes.length || this.#state === "closed") return;
    this.#isBlocked = true;
    this.#unsent.unshift(bytes.slice(written));
    this.#unsentBytes += bytes.length - written;
  }

  close(): void {
    this.#state = "closed";
    this.#socket?.end();
  }

  onDrain(): void {
    this.#isBlocked = false;
    this.flush();
  }

  onData(chunk: Buffer): void {
    if (this.#state === "closed") return;
    this.#tally.bytes += chunk.length;
    this.#isReading = true;
    try {
      if (this.#state === "upgrading") this.#readAnswer(chunk);
      else this.#reader.read(chunk, 0, this);
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#isReading = false;
    }
    this.flush();
  }

  #readAnswer(chunk: Buffer): void {
    const answer = this.#answer === null ? chunk : Buffer.concat([this.#answer, chunk]);
    const framesAt = acceptUpgrade(answer, this.#dialect);
    if (framesAt === null) {
      this.#answer = Buffer.from(answer);
      return;
    }
    this.#answer = null;
    this.#state = "greeting";
    const { greeting, isGreeted } = this.#dialect;
    if (greeting !== null) this.send(clientFrame(opcodeOf(this.#dialect), greeting));
    else if (!isGreeted) this.#setReady();
    this.#reader.read(answer, framesAt, this);
  }

  onFrame(code: number, bytes: Uint8Array, start: number, end: number, isCompressed: boolean): void {
    if (isCompressed) this.#onCompressed(code, bytes, start, end);
    else if (code === opcode.text || code === opcode.binary) {
      const what = this.#dialect.classify(bytes, start, end);
      if (what === kind.message) {
        this.#tally.messages++;
        this.onMessage?.(bytes, start, end);
      } else this.#onOther(what, bytes, start, end);
    } else if (code === opcode.ping) {
      this.send(clientFrame(opcode.pong, bytes.slice(start, end)));
    } else if (code === opcode.close) {
      const status = end - start >= 2 ? (bytes[start] as number) * 256 + (bytes[start + 1] as number) : 1005;
      this.#fail(new Error(`the server closed a connection with code ${status}`));
    }
  }

  /**
   * Whoever is greeted and only listens counts it as a message and does not look: nothing else that is pushed then is long
   * enough to be compressed. If something were, there would be more deliveries than there can be.
   */
  #onCompressed(code: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#state === "ready" && this.onMessage === null) {
      this.#tally.messages++;
      return;
    }
    const whole = inflate(bytes.subarray(start, end));
    this.onFrame(code, whole, 0, whole.length, false);
  }

  #onOther(what: number, bytes: Uint8Array, start: number, end: number): void {
    if (what === kind.answer)
      this.send(clientFrame(opcodeOf(this.#dialect), this.#dialect.answer(bytes, start, end)));
    else if (what === kind.ready) this.#setReady();
    else {
      this.#tally.others++;
      this.onOther?.(bytes, start, end);
    }
    if (what !== kind.error) return;
    this.#tally.errors++;
    this.#tally.firstError ??= new TextDecoder().decode(bytes.slice(start, Math.min(end, start + 300)));
  }

  #setReady(): void {
    if (this.#state !== "greeting") return;
    this.#state = "ready";
    this.#opened.resolve();
  }

  /** The end of this connection that nobody here asked for. */
  #fail(error: Error): void {
    if (this.#state === "closed") return;
    const wasReady = this.#state === "ready";
    if (wasReady) {
      this.#tally.lost++;
      this.#tally.firstError ??= error.message;
    }
    this.#state = "closed";
    this.#opened.reject(error);
    this.#socket?.terminate();
    if (wasReady) this.onLost?.();
  }

  onEnd(): void {
    this.#fail(new Error("the server ended a connection"));
  }
}

/** One set of handlers for all sockets, so that a connection costs no closures. */
const handlers = {
  data: (socket: Socket<Connection>, chunk: Buffer) => socket.data.onData(chunk),
  drain: (socket: Socket<Connection>) => socket.data.onDrain(),
  end: (socket: Socket<Connection>) => socket.data.onEnd(),
  close: (socket: Socket<Connection>) => socket.data.onEnd(),
  error: (socket: Socket<Connection>) => socket.data.onEnd(),
};
