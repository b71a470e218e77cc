/** A client of Parlance's own protocol that knows its tables and nothing else; every frame is held against them. */

import {
  type CodecName,
  type ErrorBody,
  type EventData,
  type EventName,
  events,
  isEventName,
  jsonCodec,
  type MethodName,
  methods,
  type ParamsOf,
  type ResultOf,
  readServerFrame,
  subprotocols,
  tokenSubprotocol,
} from "@parlance/protocol";
import { faultsOf } from "@parlance/protocol/check";
import { msgpackCodec } from "@parlance/protocol/msgpack";
import type { Closed } from "./test-socket.ts";
import { patience } from "./until.ts";

const codecs = { json: jsonCodec, msgpack: msgpackCodec };

export interface NativeOptions {
  token: string;
  codec?: CodecName;
  /** How the token travels. */
  by?: "header" | "query" | "subprotocol";
  platform?: string;
  /** Which device it is, where the token does not say. */
  device?: string;
}

/** A request that was refused. */
export class NativeRefusal extends Error {
  readonly body: ErrorBody;

  constructor(method: string, body: ErrorBody) {
    super(`${method}: ${body.name}: ${body.message}`);
    this.body = body;
  }
}

interface SeenEvent {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: events are looked into field by field by tests.
  data: any;
}

type Reply = { result: object } | { error: ErrorBody };

export class NativeClient {
  readonly #socket: WebSocket;
  readonly codec: CodecName;
  /** Events that no `next` has taken yet. */
  readonly unread: SeenEvent[] = [];
  /** Replies to ids that `request` did not give out. */
  readonly stray: { id: number; reply: Reply }[] = [];
  readonly closed: Promise<Closed>;
  readonly #waiting = new Map<number, { method: string; resolve(reply: Reply): void }>();
  #wake: (() => void)[] = [];
  #broken: Error | null = null;
  #nextId = 1000;
  welcome!: EventData<"welcome">;

  private constructor(socket: WebSocket, codec: CodecName) {
    this.#socket = socket;
    this.codec = codec;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      try {
        this.#take(data);
      } catch (error) {
        this.#broken ??= error as Error;
      }
      for (const wake of this.#wake.splice(0)) wake();
    };
    this.closed = new Promise((resolve) => {
      socket.onclose = ({ code, reason }) => {
        resolve({ code, reason });
        for (const wake of this.#wake.splice(0)) wake();
      };
    });
  }

  /** Resolves with the welcome; rejects when the server refuses. `url` is `ws://host:port`. */
  static async open(url: string, options: NativeOptions): Promise<NativeClient> {
    const client = await NativeClient.connect(url, options);
    client.welcome = await client.next("welcome");
    return client;
  }

  /** As `open`, without waiting for anything after the upgrade. */
  static connect(
    url: string,
    { token, codec = "json", by = "header", platform, device }: NativeOptions,
  ): Promise<NativeClient> {
    const carried = `${tokenSubprotocol}${Buffer.from(token).toString("base64url")}`;
    const options = {
      protocols: [subprotocols[codec], ...(by === "subprotocol" ? [carried] : [])],
      headers: by === "header" ? { authorization: `Bearer ${token}` } : {},
    };
    const told = {
      ...(by === "query" && { token }),
      ...(platform !== undefined && { platform }),
      ...(device && { device }),
    };
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(
        `${url}/connect?${new URLSearchParams(told)}`,
        options as unknown as string[],
      );
      const client = new NativeClient(socket, codec);
      socket.onopen = () => resolve(client);
      socket.onerror = () => reject(new Error("the connection was refused"));
    });
  }

  get subprotocol(): string {
    return this.#socket.protocol;
  }

  get extensions(): string {
    return this.#socket.extensions;
  }

  /** Sends anything. */
  raw(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  /** Sends an object in the connection's codec. */
  frame(frame: object): void {
    this.#socket.send(codecs[this.codec].encode(frame));
  }

  /** The result; rejects with a `NativeRefusal`. */
  async request<Name extends MethodName>(method: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>> {
    const reply = await this.ask(method, params as object);
    if ("error" in reply) throw new NativeRefusal(method, reply.error);
    return reply.result as ResultOf<Name>;
  }

  /** The name of the error that answers it. */
  async refusal(method: string, params: object): Promise<string> {
    const reply = await this.ask(method, params);
    return "error" in reply ? reply.error.name : `no refusal: ${JSON.stringify(reply.result)}`;
  }

  ask(method: string, params: object): Promise<Reply> {
    const id = this.#nextId++;
    const reply = new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} was not answered`)), patience);
      this.#waiting.set(id, {
        method,
        resolve(found) {
          clearTimeout(timer);
          resolve(found);
        },
      });
    });
    this.frame({ id, method, params });
    return reply;
  }

  /** Takes the first such event, waiting for it if need be. */
  async next<Name extends EventName>(
    name: Name,
    matches: (data: EventData<Name>) => boolean = () => true,
  ): Promise<EventData<Name>> {
    const deadline = Date.now() + patience;
    for (;;) {
      const index = this.unread.findIndex(({ event, data }) => event === name && matches(data));
      const [found] = index < 0 ? [] : this.unread.splice(index, 1);
      if (found) return found.data;
      await this.#arrival(deadline, `event ${name}`);
    }
  }

  /** Waits until so many stray replies are there. */
  async strays(count: number): Promise<{ id: number; reply: Reply }[]> {
    const deadline = Date.now() + patience;
    while (this.stray.length < count) await this.#arrival(deadline, `${count} replies`);
    return this.stray;
  }

  close(): void {
    this.#socket.close();
  }

  terminate(): void {
    (this.#socket as unknown as { terminate(): void }).terminate();
  }

  #take(data: string | ArrayBuffer): void {
    const frame = readServerFrame(
      codecs[this.codec].decode(typeof data === "string" ? data : new Uint8Array(data)),
    );
    if (frame === null) throw new Error("a frame is none of the protocol's");
    if ("event" in frame) {
      if (!isEventName(frame.event)) throw new Error(`event ${frame.event} is unknown`);
      assertGood(`event ${frame.event}`, faultsOf(events[frame.event].data, frame.data));
      this.unread.push(frame);
      return;
    }
    const waiting = this.#waiting.get(frame.id);
    this.#waiting.delete(frame.id);
    if (!waiting) {
      this.stray.push({ id: frame.id, reply: frame as Reply });
      return;
    }
    if ("result" in frame)
      assertGood(waiting.method, faultsOf(methods[waiting.method as MethodName].result, frame.result));
    waiting.resolve(frame as Reply);
  }

  async #arrival(deadline: number, wanted: string): Promise<void> {
    if (this.#broken) throw this.#broken;
    await new Promise<void>((resolve, reject) => {
      const refuse = () => {
        const seen = this.unread.map((event) => JSON.stringify(event)).join("\n");
        reject(new Error(`${wanted} did not come; unread:\n${seen}`));
      };
      const timer = setTimeout(refuse, deadline - Date.now());
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    if (this.#broken) throw this.#broken;
  }
}

function assertGood(what: string, faults: string[]): void {
  if (faults.length > 0) throw new Error(`${what} is not as its table says: ${faults.join("; ")}`);
}
