/** A TCP proxy on 127.0.0.1 whose links a test can cut, stall, slow down and mend. Imported by tests only. */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly port: number;
  /** Links that are open now. */
  readonly links: number;
  /** Ends every link at once; whoever connects is sent away until `restore`. */
  cut(): void;
  /** Links stay open and new ones are accepted, but nothing passes in either direction until `restore`. */
  pause(): void;
  /** Every chunk passes this many milliseconds late, in each direction; links that are open keep their order. */
  delay(milliseconds: number): void;
  /** Undoes `cut`, `pause` and `delay`; what a pause held back passes now. */
  restore(): void;
  /** Ends every link and frees the port. */
  close(): Promise<void>;
}

/** Bytes that wait in one direction of one link before the proxy stops reading, as a full network would. */
const maxHeldBytes = 256 * 1024;

interface Weather {
  isCut: boolean;
  isPaused: boolean;
  delay: number;
}

/** One direction of a link. */
class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #weather: Weather;
  /** Chunks and when each may pass; null is the end of the stream. */
  #held: { chunk: Buffer | null; due: number }[] = [];
  #heldBytes = 0;
  #isWriterFull = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, weather: Weather) {
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    from.on("data", (chunk: Buffer) => this.#hold(chunk));
    from.on("end", () => this.#hold(null));
    from.on("close", () => clearTimeout(this.#timer));
    to.on("drain", () => {
      this.#isWriterFull = false;
      this.move();
    });
  }

  #hold(chunk: Buffer | null): void {
    this.#held.push({ chunk, due: performance.now() + this.#weather.delay });
    this.#heldBytes += chunk?.length ?? 0;
    this.move();
  }

  /** Passes on what may pass now. */
  move(): void {
    clearTimeout(this.#timer);
    while (!this.#weather.isPaused && !this.#isWriterFull) {
      const next = this.#held[0];
      if (!next) break;
      const wait = Math.min(next.due - performance.now(), this.#weather.delay);
      if (wait > 0) {
        this.#timer = setTimeout(() => this.move(), Math.ceil(wait));
        break;
      }
      this.#held.shift();
      this.#heldBytes -= next.chunk?.length ?? 0;
      if (next.chunk) this.#isWriterFull = !this.#to.write(next.chunk);
      else this.#to.end();
    }
    if (this.#heldBytes > maxHeldBytes) this.#from.pause();
    else this.#from.resume();
  }
}

/** Listens on a free port, or on `port`, and forwards to `targetPort` of 127.0.0.1. */
export async function startTcpProxy(targetPort: number, port = 0): Promise<TcpProxy> {
  const weather: Weather = { isCut: false, isPaused: false, delay: 0 };
  const links = new Set<{ lanes: Lane[]; destroy(): void }>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    near.on("error", () => {});
    if (weather.isCut) {
      near.destroy();
      return;
    }
    const far = connect({ host: "127.0.0.1", port: targetPort, allowHalfOpen: true, noDelay: true });
    const link = {
      lanes: [new Lane(near, far, weather), new Lane(far, near, weather)],
      destroy() {
        links.delete(link);
        near.destroy();
        far.destroy();
      },
    };
    links.add(link);
    far.on("error", () => link.destroy());
    let isHalfClosed = false;
    for (const socket of [near, far])
      socket.on("close", (hadError) => {
        // Both directions ended in order, or something broke: either way nothing more will pass.
        if (hadError || isHalfClosed || socket.readableEnded === false) link.destroy();
        isHalfClosed = true;
      });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  const endLinks = () => {
    for (const link of [...links]) link.destroy();
  };
  const moveAll = () => {
    for (const link of links) for (const lane of link.lanes) lane.move();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get links() {
      return links.size;
    },
    cut() {
      weather.isCut = true;
      endLinks();
    },
    pause() {
      weather.isPaused = true;
    },
    delay(milliseconds) {
      weather.delay = milliseconds;
    },
    restore() {
      Object.assign(weather, { isCut: false, isPaused: false, delay: 0 });
      moveAll();
    },
    async close() {
      weather.isCut = true;
      endLinks();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
}
