import { patience } from "./until.ts";

/** A frame as a test looks at it: parsed, with the text as it came for the digits of long numbers. */
export interface SeenFrame {
  // biome-ignore lint/suspicious/noExplicitAny: frames are looked into field by field by tests.
  value: any;
  text: string;
}

export interface Closed {
  code: number;
  reason: string;
}

/** A client's socket that remembers what it has seen and lets a test wait for what it expects. */
export class TestSocket {
  readonly #socket: WebSocket;
  /** Frames that no `next` has taken yet. */
  readonly unread: SeenFrame[] = [];
  readonly closed: Promise<Closed>;
  #wake: (() => void)[] = [];
  #broken: Error | null = null;
  #farewell: Closed | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      try {
        this.unread.push({ value: JSON.parse(data), text: data });
      } catch {
        this.#broken ??= new Error(`a frame is no JSON: ${data}`);
      }
      for (const wake of this.#wake.splice(0)) wake();
    };
    this.closed = new Promise((resolve) => {
      socket.onclose = ({ code, reason }) => {
        this.#farewell = { code, reason };
        resolve(this.#farewell);
        for (const wake of this.#wake.splice(0)) wake();
      };
    });
  }

  /** Rejects when the server refuses. */
  static open(url: string, headers: Record<string, string> = {}): Promise<TestSocket> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { headers } as unknown as string[]);
      const test = new TestSocket(socket);
      socket.onopen = () => resolve(test);
      socket.onerror = () => reject(new Error("the connection was refused"));
    });
  }

  send(frame: object | string | Uint8Array<ArrayBuffer>): void {
    const isRaw = typeof frame === "string" || frame instanceof Uint8Array;
    this.#socket.send(isRaw ? frame : JSON.stringify(frame));
  }

  close(): void {
    this.#socket.close();
  }

  terminate(): void {
    (this.#socket as unknown as { terminate(): void }).terminate();
  }

  /** Takes the first frame of this type (or matching the predicate), waiting for it if need be. */
  async next(wanted: string | ((frame: SeenFrame) => boolean)): Promise<SeenFrame> {
    const matches = typeof wanted === "string" ? (frame: SeenFrame) => frame.value.type === wanted : wanted;
    const deadline = Date.now() + patience;
    for (;;) {
      const index = this.unread.findIndex(matches);
      const [found] = index < 0 ? [] : this.unread.splice(index, 1);
      if (found) return found;
      if (this.#broken) throw this.#broken;
      if (this.#farewell)
        throw new Error(
          `closed with ${this.#farewell.code} ${this.#farewell.reason} before a frame that is ${wanted}`,
        );
      await this.#nextArrival(deadline, String(wanted));
    }
  }

  /** Sends a request and takes the reply of the same type, or the error that answers it. */
  async ask(frame: { type: string } & Record<string, unknown>): Promise<SeenFrame> {
    this.send(frame);
    return this.next(({ value }) => value.type === frame.type || value.type === "ERROR");
  }

  #nextArrival(deadline: number, wanted: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = () => {
        const seen = this.unread.map((frame) => frame.text).join("\n");
        reject(new Error(`no frame came that is ${wanted}; unread:\n${seen}`));
      };
      const timer = setTimeout(refuse, deadline - Date.now());
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
