import type { MethodName, ParamsOf, ResultOf } from "@parlance/protocol";
import type { Environment } from "../environment.ts";
import { localError, ParlanceError } from "../error.ts";

interface Waiting {
  method: string;
  params: object;
  resolve(result: never): void;
  reject(error: ParlanceError): void;
  timer: unknown;
}

/** Longer than the server takes to answer, if only to refuse. */
const timeoutMs = 35_000;
const mostQueued = 1000;
const highestId = 2 ** 31;

/** Requests of one connection: their ids, their time-outs, and how many may be open. The rest waits in line. */
export class Requests {
  #lastId = 0;
  #open = new Map<number, Waiting>();
  #queue: Waiting[] = [];
  #environment: Environment;
  #send: (frame: object) => void;
  #mostOpen: number;

  constructor(environment: Environment, mostOpen: number, send: (frame: object) => void) {
    this.#environment = environment;
    this.#mostOpen = mostOpen;
    this.#send = send;
  }

  /** Rejects with a `ParlanceError`. */
  request<Name extends MethodName>(method: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { method, params: params as object, resolve, reject, timer: null };
      if (this.#open.size < this.#mostOpen) this.#start(waiting);
      else if (this.#queue.length < mostQueued) this.#queue.push(waiting);
      else reject(localError("timeout"));
    });
  }

  /** The server's reply; one that nobody waits for any more is dropped. */
  settle(id: number, reply: { result?: unknown; error?: unknown }): void {
    const waiting = this.#open.get(id);
    if (!waiting) return;
    this.#end(id, waiting);
    if (reply.error) waiting.reject(new ParlanceError(reply.error as ParlanceError));
    else waiting.resolve(reply.result as never);
  }

  /** The connection ended: whether they were done is not known. */
  rejectAll(): void {
    const error = localError("disconnected");
    for (const waiting of [...this.#open.values(), ...this.#queue.splice(0)]) {
      this.#environment.clearTimeout(waiting.timer);
      waiting.reject(error);
    }
    this.#open.clear();
  }

  #start(waiting: Waiting): void {
    do this.#lastId = (this.#lastId % highestId) + 1;
    while (this.#open.has(this.#lastId));
    const id = this.#lastId;
    this.#open.set(id, waiting);
    waiting.timer = this.#environment.setTimeout(() => {
      this.#end(id, waiting);
      waiting.reject(localError("timeout"));
    }, timeoutMs);
    this.#send({ id, method: waiting.method, params: waiting.params });
  }

  #end(id: number, waiting: Waiting): void {
    this.#open.delete(id);
    this.#environment.clearTimeout(waiting.timer);
    const next = this.#queue.shift();
    if (next) this.#start(next);
  }
}
