import { type ChildProcess, spawn } from "node:child_process";
import type { Logger } from "../../observe/logger.ts";
import { environmentBelow } from "../lifeline.ts";
import { RestartPace } from "./restart-pace.ts";
import { saysListening } from "./worker-line.ts";

export interface WorkerEvents {
  /** The first time. */
  onListening(): void;
  /** Ended for good, without having been told to; the rest cannot go on as if nothing had happened. */
  onGivenUp(): void;
}

/** One of the processes that share a port: started again whenever it ends and should not have. */
export class Worker {
  readonly number: number;
  readonly #logger: Logger;
  readonly #events: WorkerEvents;
  readonly #pace = new RestartPace();
  #child: ChildProcess | null = null;
  #restart: ReturnType<typeof setTimeout> | null = null;
  #hasListened = false;
  #listeningSince: number | null = null;
  #shouldRun = true;
  #onEnd: ((isFine: boolean) => void) | null = null;

  constructor(number: number, logger: Logger, events: WorkerEvents) {
    this.number = number;
    this.#logger = logger.child({ worker: number });
    this.#events = events;
    this.#start();
  }

  /** Drains it; resolves when it is gone, with whether it ended well. */
  stop(): Promise<boolean> {
    this.#shouldRun = false;
    if (this.#restart) clearTimeout(this.#restart);
    const child = this.#child;
    if (!child) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#onEnd = resolve;
      child.kill("SIGTERM");
    });
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  #start(): void {
    this.#restart = null;
    this.#listeningSince = null;
    const program = [...process.execArgv, process.argv[1] as string];
    const child = spawn(process.execPath, [...program, "start", "--worker", String(this.number)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: environmentBelow(),
    });
    this.#child = child;
    child.on("message", (message) => {
      if (saysListening(message)) this.#listens();
    });
    let isOver = false;
    const over = (code: number | null, signal: string | null) => {
      if (isOver) return;
      isOver = true;
      this.#ended(code, signal);
    };
    child.on("exit", over);
    child.on("error", (error) => {
      this.#logger.error({ error }, "worker could not be started");
      if (child.pid === undefined) over(null, null);
    });
    this.#logger.info({ pid: child.pid }, "worker started");
  }

  #listens(): void {
    this.#listeningSince = performance.now();
    if (this.#hasListened) return;
    this.#hasListened = true;
    this.#events.onListening();
  }

  #ended(code: number | null, signal: string | null): void {
    this.#child = null;
    // Whom the signal ends by itself had not come as far as to heed it, and so had accepted nothing.
    this.#onEnd?.(code === 0 || signal === "SIGTERM");
    if (!this.#shouldRun) return;
    const listenedFor = this.#listeningSince === null ? 0 : performance.now() - this.#listeningSince;
    // Whoever has never listened has said why in a sentence, which would be no other the next time.
    const pause = this.#hasListened ? this.#pace.afterEnd(listenedFor) : null;
    if (pause === null) {
      this.#shouldRun = false;
      this.#logger.error({ code, signal }, "worker does not stay up");
      this.#events.onGivenUp();
      return;
    }
    this.#logger.error({ code, signal, pause }, "worker ended");
    this.#restart = setTimeout(() => this.#start(), pause);
  }
}
