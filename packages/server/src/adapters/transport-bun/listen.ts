import {
  Dismissal,
  type Listen,
  type OutgoingFrame,
  type TransportGuest,
  type TransportSocket,
} from "../../ports/transport.ts";

interface SocketData {
  guest: TransportGuest | Dismissal;
  socket: BunSocket | null;
}
type WebSocket = Bun.ServerWebSocket<SocketData>;

/** Bun's return value of `send` when the frame was dropped: the socket is closed or above its limit. */
const dropped = 0;

class BunSocket implements TransportSocket {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  send(frames: readonly OutgoingFrame[]): boolean {
    const socket = this.#socket;
    if (frames.length === 1) return write(socket, frames[0] as OutgoingFrame) !== dropped;
    let delivered = true;
    // Corked: all frames leave in one write. One write per frame costs 3 to 6 times the deliveries.
    socket.cork(() => {
      for (const frame of frames) {
        if (write(socket, frame) === dropped) {
          delivered = false;
          return;
        }
      }
    });
    return delivered;
  }

  waitingBytes(): number {
    return this.#socket.getBufferedAmount();
  }

  ping(): void {
    this.#socket.ping();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

/** Shorter frames hardly become smaller. The runtime compresses nothing for those who didn't agree to it. */
const leastCompressed = 128;

const write = (socket: WebSocket, frame: OutgoingFrame): number => {
  const isLong = frame.length >= leastCompressed;
  return typeof frame === "string" ? socket.sendText(frame, isLong) : socket.sendBinary(frame, isLong);
};

/** Said outright: the runtime would agree to all that the client offered, which a browser takes for a refusal. */
const agreement = ({ subprotocol }: TransportGuest | Dismissal): Record<string, string> =>
  subprotocol ? { "sec-websocket-protocol": subprotocol } : {};

const isUpgrade = (request: Request): boolean =>
  request.method === "GET" && request.headers.get("upgrade")?.toLowerCase() === "websocket";

/** Seconds without a byte from the peer after which an HTTP connection is dropped (half a request, idle keep-alive). */
const httpIdleSeconds = 75;

/** The transport on `Bun.serve`. */
export const listenBun: Listen = async (options, handlers) => {
  const server = Bun.serve<SocketData>({
    hostname: options.host,
    port: options.port,
    maxRequestBodySize: options.maxBodyBytes,
    idleTimeout: httpIdleSeconds,
    development: false,
    // Bun shares a port by default, and a second server would silently take half of the connections.
    reusePort: options.sharesPort ?? false,
    async fetch(request, server) {
      if (!isUpgrade(request)) return handlers.request(request, server.requestIP(request)?.address ?? "");
      const guest = await handlers.upgrade(request);
      if (guest instanceof Response) return guest;
      if (server.upgrade(request, { data: { guest, socket: null }, headers: agreement(guest) }))
        return undefined;
      if (!(guest instanceof Dismissal)) handlers.closed(guest);
      return new Response("The WebSocket handshake is incomplete.", { status: 400 });
    },
    websocket: {
      maxPayloadLength: options.maxFrameBytes,
      backpressureLimit: options.maxWaitingBytes,
      // One compressor for all, reset after each frame. The runtime holds what it inflates to `maxPayloadLength`.
      perMessageDeflate: options.compresses === true && { compress: "shared", decompress: "shared" },
      // The gateway has a heartbeat of its own: this one never reaps a silent peer that is being sent to.
      idleTimeout: 0,
      sendPings: false,
      open(socket) {
        const { guest } = socket.data;
        if (guest instanceof Dismissal) {
          socket.close(guest.code, guest.reason);
          return;
        }
        socket.data.socket = new BunSocket(socket);
        handlers.opened(guest as never, socket.data.socket);
      },
      message(socket, frame) {
        if (socket.data.socket) handlers.received(socket.data.guest as never, frame);
      },
      ping(socket) {
        if (socket.data.socket) handlers.heard(socket.data.guest as never);
      },
      pong(socket) {
        if (socket.data.socket) handlers.heard(socket.data.guest as never);
      },
      close(socket) {
        if (socket.data.socket) handlers.closed(socket.data.guest as never);
      },
    },
  });
  return {
    port: server.port as number,
    stopListening: () => void server.stop(false),
    close: () => server.stop(true),
  };
};
