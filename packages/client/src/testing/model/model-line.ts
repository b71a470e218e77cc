/** A socket that ends in the model: every frame takes its time, and may be lost, repeated or overtaken as the faults say. */

import { type Codec, jsonCodec, tokenSubprotocol } from "@parlance/protocol";
import { msgpackCodec } from "@parlance/protocol/msgpack";
import type { Socket } from "../../environment.ts";
import type { VirtualClock } from "../virtual-clock.ts";

export interface Faults {
  /** Most milliseconds that a frame takes. */
  delay: number;
  /** How likely an event is lost, repeated, overtaken: 0 to 1. A lost one is followed by `reload`, some time. */
  lose: number;
  repeat: number;
  reorder: number;
}

export const noFaults: Faults = { delay: 5, lose: 0, repeat: 0, reorder: 0 };

/** The server's side of it. */
export interface LineEnd {
  /** Throws or closes to refuse. */
  connected(line: ModelLine, token: string): void;
  received(line: ModelLine, frame: { id: number; method: string; params: Record<string, unknown> }): void;
  gone(line: ModelLine): void;
}

export interface World {
  clock: VirtualClock;
  random: () => number;
  faults: Faults;
  isReachable: boolean;
}

export class ModelLine implements Socket {
  binaryType = "";
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: Socket["onerror"] = null;
  /** Set by the server. */
  userId = "";
  deviceId = "";
  #world: World;
  #end: LineEnd;
  #codec: Codec;
  #isOpen = true;
  #lastDown = 0;
  #lastUp = 0;

  constructor(world: World, end: LineEnd, protocols: string[]) {
    this.#world = world;
    this.#end = end;
    this.#codec = protocols.includes(msgpackCodec.subprotocol) ? msgpackCodec : jsonCodec;
    const encoded =
      protocols.find((name) => name.startsWith(tokenSubprotocol))?.slice(tokenSubprotocol.length) ?? "";
    const token = Buffer.from(encoded, "base64url").toString();
    world.clock.setTimeout(() => {
      if (!world.isReachable) this.cut();
      else if (this.#isOpen) end.connected(this, token);
    }, this.#delay());
  }

  /** Device ids are a user's own. */
  get device(): string {
    return `${this.userId}/${this.deviceId}`;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(data: string | Uint8Array): void {
    if (!this.#isOpen) return;
    this.#lastUp = Math.max(this.#lastUp, this.#world.clock.now + this.#delay());
    this.#world.clock.setTimeout(() => {
      if (this.#isOpen) this.#end.received(this, this.#codec.decode(data) as never);
    }, this.#lastUp - this.#world.clock.now);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#end.gone(this);
  }

  /** The line ends without a word; frames on their way are lost. */
  cut(code = 1006, reason = ""): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#end.gone(this);
    this.onclose?.({ code, reason });
  }

  /** The server's reply, which events may overtake. */
  reply(frame: object): void {
    this.#deliver(frame, this.#delay());
  }

  /** Events keep their order, but for the faults. */
  event(event: string, data: object): void {
    const { faults, random, clock } = this.#world;
    const frame = { event, data };
    const isSafe = event === "welcome" || event === "reload";
    if (!isSafe && random() < faults.lose) {
      clock.setTimeout(() => this.event("reload", {}), 50 + random() * 500);
      return;
    }
    if (!isSafe && random() < faults.repeat) this.#deliver(frame, this.#delay() * 3);
    if (!isSafe && random() < faults.reorder) {
      this.#deliver(frame, this.#delay() * 3);
      return;
    }
    this.#lastDown = Math.max(this.#lastDown, clock.now + this.#delay());
    this.#deliver(frame, this.#lastDown - clock.now);
  }

  #delay(): number {
    return this.#world.random() * this.#world.faults.delay;
  }

  #deliver(frame: object, delay: number): void {
    const encoded = this.#codec.encode(frame);
    const data = typeof encoded === "string" ? encoded : encoded.slice().buffer;
    this.#world.clock.setTimeout(() => {
      if (this.#isOpen) this.onmessage?.({ data });
    }, delay);
  }
}
