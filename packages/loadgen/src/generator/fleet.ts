import { fileURLToPath } from "node:url";
import type { Seat } from "../dialects/dialect.ts";
import type { DialectName } from "../dialects/table.ts";
import { killProcess, track } from "../processes.ts";
import type {
  Command,
  Counted,
  Fill,
  Marks,
  Measured,
  Outage,
  OutageResult,
  Reply,
  Request,
} from "./commands.ts";
import { mergeCounts, mergeMeasured } from "./merge.ts";

const workerFile = fileURLToPath(new URL("./worker.ts", import.meta.url));
/** Longer than any command may take: connecting 17,000 clients to a busy server. */
const COMMAND_MILLIS = 120_000;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** One generator process, seen from the main process. */
class Worker {
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  readonly #child = track(
    Bun.spawn({
      cmd: [process.execPath, workerFile],
      stdio: ["ignore", "ignore", "inherit"],
      ipc: (message: Reply) => this.#settle(message),
      serialization: "json",
    }),
  );

  constructor() {
    void this.#child.exited.then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error("a generator process ended"));
    });
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.result);
  }

  ask<Result>(command: Command): Promise<Result> {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const timer = setTimeout(() => reject(new Error(`"${command.do}" took too long`)), COMMAND_MILLIS);
    this.#child.send({ id, command } satisfies Request);
    return promise.finally(() => clearTimeout(timer)) as Promise<Result>;
  }

  get pid(): number {
    return this.#child.pid;
  }

  end(): Promise<void> {
    return killProcess(this.#child);
  }
}

export interface ClosedLoopOptions {
  outstanding: number;
  warmUpMillis: number;
  measureMillis: number;
  textLength: number;
  watch: number[];
}

export type OpenLoopOptions = Omit<ClosedLoopOptions, "outstanding"> & { perSecond: number };

/** All generator processes; each holds every n-th seat. */
export class Fleet {
  readonly #workers: Worker[];
  #senders = 0;

  constructor(processes: number) {
    this.#workers = Array.from({ length: processes }, () => new Worker());
  }

  get pids(): number[] {
    return this.#workers.map(({ pid }) => pid);
  }

  /** Resolves to the seconds that the slowest generator took. */
  async connect(dialect: DialectName, seats: Seat[], width: number): Promise<number> {
    this.#senders = seats.filter((seat) => seat.role === "sender").length;
    const parts = this.#workers.map((_, i) =>
      seats.filter((seat) => seat.index % this.#workers.length === i),
    );
    const each = await this.#askAll<{ seconds: number }>((i) => ({
      do: "connect",
      dialect,
      seats: parts[i] as Seat[],
      width: Math.max(1, Math.floor(width / this.#workers.length)),
    }));
    return Math.max(...each.map(({ seconds }) => seconds));
  }

  async closedLoop(options: ClosedLoopOptions): Promise<Measured> {
    const senders = this.#senders;
    const watch = (i: number) => (i === 0 ? options.watch : []);
    return mergeMeasured(await this.#askAll((i) => ({ do: "closed", ...options, senders, watch: watch(i) })));
  }

  async openLoop(options: OpenLoopOptions): Promise<Measured> {
    const senders = this.#senders;
    const stride = this.#workers.length;
    const watch = (i: number) => (i === 0 ? options.watch : []);
    return mergeMeasured(
      await this.#askAll((offset) => ({
        do: "open",
        ...options,
        senders,
        stride,
        offset,
        watch: watch(offset),
      })),
    );
  }

  async fill(options: Omit<Fill, "do">): Promise<void> {
    await this.#askAll(() => ({ do: "fill", ...options }));
  }

  async marks(options: Omit<Marks, "do">): Promise<Measured> {
    const watch = (i: number) => (i === 0 ? options.watch : []);
    return mergeMeasured(await this.#askAll((i) => ({ do: "marks", ...options, watch: watch(i) })));
  }

  /** The kill is one generator's: a fleet of more throws. */
  async outage(options: Omit<Outage, "do">): Promise<OutageResult> {
    if (this.#workers.length !== 1) throw new Error("an outage takes one generator");
    const [result] = await this.#askAll<OutageResult>(() => ({ do: "outage", ...options }));
    return result as OutageResult;
  }

  async count(): Promise<Counted> {
    return mergeCounts(await this.#askAll(() => ({ do: "count" })));
  }

  /** Closes every connection in an orderly way and ends the processes. */
  async end(): Promise<void> {
    await this.#askAll(() => ({ do: "close" })).catch(() => {}); // nothing was connected yet
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  #askAll<Result>(command: (i: number) => Command): Promise<Result[]> {
    return Promise.all(this.#workers.map((worker, i) => worker.ask<Result>(command(i))));
  }
}
