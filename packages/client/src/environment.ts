/** What the client needs of the world around it, so that it runs anywhere and tests can hold the clock. */

/**
 * The part of a WebSocket that is used; every runtime's own has it, and can be given as it is: each declares its events
 * differently, so that listeners are whatever takes one.
 */
export interface Socket {
  binaryType: string;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, protocols: string[]) => Socket;

export interface Environment {
  WebSocket: SocketConstructor;
  setTimeout(run: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** 0 to 1. */
  random(): number;
  /** Calls back when the network came back or the app came to the front; returns how to stop. */
  onNetwork(wake: () => void): () => void;
}

interface EventTargetLike {
  addEventListener?(name: string, listener: () => void): void;
  removeEventListener?(name: string, listener: () => void): void;
}

/** The runtime's own. Node before 22 has no WebSocket: give one as option `WebSocket`. */
export function runtimeEnvironment(socket?: SocketConstructor): Environment {
  const found = socket ?? (globalThis as { WebSocket?: unknown }).WebSocket;
  if (!found) throw new Error("This runtime has no WebSocket: give one as option `WebSocket`.");
  const target = globalThis as EventTargetLike;
  return {
    WebSocket: found as SocketConstructor,
    setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
    clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    now: Date.now,
    random: Math.random,
    onNetwork(wake) {
      target.addEventListener?.("online", wake);
      return () => target.removeEventListener?.("online", wake);
    },
  };
}
