import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { patience } from "./until.ts";

export interface RawFrame {
  opcode: number;
  /** The payload is as permessage-deflate made it. */
  isCompressed: boolean;
  payload: Buffer;
}

/** Beside the opcode: the first reserved bit. */
export const compressedBit = 0x40;
export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A WebSocket client made by hand, for what no library would do: half frames, no pongs, not reading. */
export class RawSocket {
  readonly tcp: Socket;
  /** The server's answer to the handshake. */
  head = "";
  #bytes = Buffer.alloc(0);
  #isEnded = false;
  #wake: () => void = () => {};

  private constructor(tcp: Socket) {
    this.tcp = tcp;
    tcp.on("data", (data: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, data]);
      this.#wake();
    });
    const end = () => {
      this.#isEnded = true;
      this.#wake();
    };
    tcp.on("close", end);
    tcp.on("error", end);
  }

  /** Connects and shakes hands; `path` may hold a token. */
  static async open(port: number, path: string, headers: Record<string, string> = {}): Promise<RawSocket> {
    const tcp = connect(port, "127.0.0.1");
    await once(tcp, "connect");
    const socket = new RawSocket(tcp);
    tcp.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
        `${Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join("")}\r\n`,
    );
    const head = await socket.#take((bytes) => {
      const end = bytes.indexOf("\r\n\r\n");
      return end < 0 ? null : end + 4;
    });
    if (!head?.toString().startsWith("HTTP/1.1 101")) throw new Error(`refused: ${head}`);
    socket.head = head.toString();
    return socket;
  }

  /** A client's frame with a mask of zeros; `opcode` may hold reserved bits. */
  static frame(opcode: number, payload: string | Buffer, isFinal = true): Buffer {
    const body = Buffer.from(payload);
    const length =
      body.length < 126
        ? Buffer.from([0x80 | body.length])
        : Buffer.from([0x80 | 126, body.length >> 8, body.length & 255]);
    return Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | opcode]), length, Buffer.alloc(4), body]);
  }

  send(opcode: number, payload: string | Buffer): void {
    this.tcp.write(RawSocket.frame(opcode, payload));
  }

  /** The next frame from the server; null once the connection is over. */
  async next(): Promise<RawFrame | null> {
    const bytes = await this.#take((available) => {
      const length = frameLength(available);
      return length === null || available.length < length.whole ? null : length.whole;
    });
    if (!bytes) return null;
    const { head } = frameLength(bytes) as { head: number };
    const first = bytes[0] as number;
    return {
      opcode: first & 15,
      isCompressed: (first & compressedBit) !== 0,
      payload: bytes.subarray(head),
    };
  }

  /** The server's close frame, skipping what comes before; null if the line was simply cut. */
  async closeFrame(): Promise<{ code: number; reason: string } | null> {
    for (;;) {
      const frame = await this.next();
      if (!frame) return null;
      const { opcode, payload } = frame;
      if (opcode === opcodes.close)
        return { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
    }
  }

  async closeCode(): Promise<number | null> {
    return (await this.closeFrame())?.code ?? null;
  }

  async ended(): Promise<void> {
    while (!this.#isEnded) await this.#arrival();
  }

  async #take(find: (bytes: Buffer) => number | null): Promise<Buffer | null> {
    for (;;) {
      const length = find(this.#bytes);
      if (length !== null) {
        const taken = this.#bytes.subarray(0, length);
        this.#bytes = this.#bytes.subarray(length);
        return taken;
      }
      if (this.#isEnded) return null;
      await this.#arrival();
    }
  }

  #arrival(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("nothing came")), patience);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function frameLength(bytes: Buffer): { head: number; whole: number } | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] as number) & 127;
  if (short < 126) return { head: 2, whole: 2 + short };
  const head = short === 126 ? 4 : 10;
  if (bytes.length < head) return null;
  const length = short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { head, whole: head + length };
}
