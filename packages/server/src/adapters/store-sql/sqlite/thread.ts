import { Worker } from "node:worker_threads";
import { Batcher } from "./batcher.ts";
import { CLOSE, CLOSED } from "./serve.ts";
import type { Call, Opening, Reply } from "./wire.ts";

export interface ThreadOptions {
  url: URL;
  /** Handed to the thread as its `workerData`. */
  data: unknown;
  maxQueue: number;
  maxBatch: number;
  onReply(reply: Reply, calls: number): void;
  /** The thread ended by itself; every call is refused from now on. */
  onDeath(error: Error): void;
}

/** The main thread's end of a database thread. */
export class DatabaseThread {
  readonly #worker: Worker;
  readonly #batcher: Batcher;
  readonly #closed = Promise.withResolvers<void>();
  #isClosing = false;

  /** Rejects with a plain sentence when the thread cannot open its database. */
  static async start(options: ThreadOptions): Promise<DatabaseThread> {
    const worker = new Worker(options.url, { workerData: options.data });
    const opening = await new Promise<Opening>((resolve, reject) => {
      worker.once("message", (text: string) => resolve(JSON.parse(text)));
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("its thread ended before it could say why")));
    });
    worker.removeAllListeners();
    if (!opening.isOpen) {
      await worker.terminate();
      throw new Error(opening.sentence);
    }
    return new DatabaseThread(worker, options);
  }

  private constructor(worker: Worker, { maxQueue, maxBatch, onReply, onDeath }: ThreadOptions) {
    this.#worker = worker;
    this.#batcher = new Batcher({ maxQueue, maxBatch, send: (text) => worker.postMessage(text), onReply });
    worker.on("message", (text: string) => {
      if (text === CLOSED) this.#closed.resolve();
      else this.#batcher.receive(JSON.parse(text));
    });
    const die = (error: Error) => {
      this.#batcher.fail();
      this.#closed.resolve();
      if (!this.#isClosing) onDeath(error);
      this.#isClosing = true;
    };
    worker.on("error", die);
    worker.on("exit", () => die(new Error("A thread of the database ended by itself.")));
  }

  call(call: Call): Promise<unknown> {
    return this.#batcher.add(call);
  }

  /** Refuses further calls as `unavailable`. */
  refuse(): void {
    this.#batcher.refuse();
  }

  /** Finishes what was accepted, closes the database and ends the thread. */
  async close(): Promise<void> {
    this.refuse();
    await this.#batcher.drain();
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#worker.postMessage(CLOSE);
    }
    await this.#closed.promise;
    await this.#worker.terminate();
  }
}
