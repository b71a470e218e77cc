/**
 * The transport carries HTTP requests and WebSocket frames; it knows nothing of what they mean. It is the only part
 * beside `main.ts` that may use the runtime's own server. Adapters prove themselves with `transport.contract.ts`.
 */

export type OutgoingFrame = string | Uint8Array<ArrayBuffer>;

export interface TransportSocket {
  /**
   * Writes frames in order, strings as text and bytes as binary ones, many in one system call. What the peer doesn't take
   * waits in memory, so look at `waitingBytes` first. False: the socket is closed, or a frame was dropped; the connection
   * must be ended.
   */
  send(frames: readonly OutgoingFrame[]): boolean;
  /** Bytes accepted by `send` that the peer has not taken yet. */
  waitingBytes(): number;
  ping(): void;
  /** Says goodbye; frames sent before are delivered first. A peer that doesn't answer is left to `terminate`. */
  close(code: number, reason: string): void;
  /** Cuts the line at once. */
  terminate(): void;
}

/** Who was let in. */
export interface TransportGuest {
  /** Of those that the client offered, the one that is agreed on; null: none. */
  readonly subprotocol?: string | null;
}

/** The answer to who may not come in, but would learn nothing from a refused upgrade: it is made, and closed at once. */
export class Dismissal {
  readonly code: number;
  /** At most 123 bytes. */
  readonly reason: string;
  readonly subprotocol: string | null;

  constructor(code: number, reason: string, subprotocol: string | null) {
    this.code = code;
    this.reason = reason;
    this.subprotocol = subprotocol;
  }
}

export interface TransportHandlers<Guest> {
  /** Every request that isn't a WebSocket upgrade, and the address of the peer it came from. Must not throw. */
  request(request: Request, address: string): Promise<Response>;
  /** Decides on an upgrade before it happens: a guest to let in, or what refuses it. Must not throw. */
  upgrade(request: Request): Promise<Guest | Response | Dismissal>;
  opened(guest: Guest, socket: TransportSocket): void;
  /** One whole message: text as a string, binary as bytes that are only valid during the call. */
  received(guest: Guest, frame: string | Uint8Array): void;
  /** The peer gave a sign of life that is not a message. */
  heard(guest: Guest): void;
  /** Called once, however the connection ended; also when a guest was let in and never arrived. */
  closed(guest: Guest): void;
}

export interface TransportOptions {
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Other processes that say the same may listen on the port, too, and get their share of the connections. */
  sharesPort?: boolean;
  /** Bodies above this are cut off by the runtime itself; handlers refuse smaller ones politely. */
  maxBodyBytes: number;
  /** A longer message ends the connection with close code 1009; what was compressed counts as it is when inflated. */
  maxFrameBytes: number;
  /** Above this `send` drops; far above what the gateway lets wait. */
  maxWaitingBytes: number;
  /**
   * Whether clients that offer permessage-deflate get it. Each frame is compressed by itself, so that a connection holds
   * no window, and what one frame says can't be guessed from the length of another.
   */
  compresses?: boolean;
}

export interface Listener {
  port: number;
  /** No new connections; those that exist go on. */
  stopListening(): void;
  /** Ends everything at once. */
  close(): Promise<void>;
}

export type Listen = <Guest extends TransportGuest>(
  options: TransportOptions,
  handlers: TransportHandlers<Guest>,
) => Promise<Listener>;
