import type { BusStats } from "../../ports/bus.ts";
import { dialAtStart, type NatsAddress, natsAddress, reason } from "./connect.ts";
import type { Reports } from "./reports.ts";
import { Session } from "./session.ts";

/** Between two attempts after the link broke: grows with the time it is broken, up to this, and differs per node. */
const maxBackOffMilliseconds = 2000;

/** What close waits for NATS to take what was published. */
const closeMilliseconds = 2000;

export interface LinkOptions {
  url: string;
  /** Seen in NATS' list of connections. */
  name: string;
  /** How long to try at first. */
  milliseconds: number;
  stats: BusStats;
  reports: Reports;
  onBroken(): void;
  /** Subscriptions stand again. */
  onMended(): void;
}

interface Wanted {
  subject: string;
  callback(payload: Uint8Array): void;
  leave: (() => void) | null;
}

/** The way to NATS: one session after the other, and the subscriptions that each of them has. */
export class Link {
  readonly #options: LinkOptions;
  readonly #address: NatsAddress;
  readonly #wanted = new Set<Wanted>();
  #session: Session;
  #isClosing = false;
  #stopWaiting = () => {};

  private constructor(options: LinkOptions, address: NatsAddress, session: Session) {
    this.#options = options;
    this.#address = address;
    this.#session = session;
    options.stats.isConnected = true;
    void this.#live();
  }

  /** Throws `BusNotOpened`. Once open, it connects again and again until it is closed. */
  static async open(options: LinkOptions): Promise<Link> {
    const address = natsAddress(options.url, options.name);
    const connection = await dialAtStart(address, options.milliseconds);
    return new Link(options, address, new Session(connection, Link.#complain(options)));
  }

  static #complain(options: LinkOptions): (error: Error) => void {
    return (error) => options.reports.add("error", () => `NATS: ${reason(error)}.`);
  }

  get isUp(): boolean {
    return this.#options.stats.isConnected;
  }

  get unconfirmedBytes(): number {
    return this.isUp ? this.#session.unconfirmed.bytes : 0;
  }

  /** The server's limit for one message, in bytes. */
  get maxPayload(): number {
    return this.#session.maxPayload;
  }

  /** False if the link is broken and nothing was sent. `messages` is how many of ours the payload holds. */
  send(subject: string, payload: Uint8Array, messages: number): boolean {
    if (!this.isUp || this.#session.isOver) return false;
    this.#session.send(subject, payload, messages);
    return true;
  }

  subscribe(subject: string, callback: (payload: Uint8Array) => void): () => void {
    const wanted: Wanted = { subject, callback, leave: null };
    this.#wanted.add(wanted);
    this.#join(wanted);
    return () => {
      this.#wanted.delete(wanted);
      wanted.leave?.();
    };
  }

  /** Resolves when NATS has handled everything sent so far, or cannot be reached. */
  async settled(): Promise<void> {
    if (this.isUp) await this.#session.ask();
  }

  /** To be called every 250 ms. */
  tick(): void {
    this.#session.tick();
  }

  /** Lets NATS take what was sent, and ends. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#stopWaiting();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((go) => {
      timer = setTimeout(go, closeMilliseconds);
    });
    await Promise.race([this.settled(), patience]);
    clearTimeout(timer);
    this.#options.stats.isConnected = false;
    this.#session.close("the bus was closed");
  }

  async #live(): Promise<void> {
    const { stats, reports, onBroken, onMended } = this.#options;
    for (;;) {
      const why = await this.#session.ended;
      if (this.#isClosing) return;
      stats.isConnected = false;
      stats.uncertainMessages += this.#session.unconfirmed.messages;
      reports.add("broken", () => `the connection to NATS broke (${reason(why)}); trying to connect again.`);
      onBroken();
      if (!(await this.#reconnect())) return;
      stats.isConnected = true;
      stats.reconnects++;
      onMended();
    }
  }

  /** False if the bus is closed before it succeeds. */
  async #reconnect(): Promise<boolean> {
    const { reports } = this.#options;
    const since = performance.now();
    for (;;) {
      const backOff = Math.min(maxBackOffMilliseconds, 100 + (performance.now() - since) / 2);
      await this.#wait(backOff * (0.5 + Math.random() / 2));
      if (this.#isClosing) return false;
      const connection = await this.#address.dial().catch((error) => {
        const sentence = `NATS at ${this.#address.where} cannot be reached: ${reason(error)}.`;
        reports.add("unreachable", () => sentence);
        return null;
      });
      if (!connection) continue;
      this.#session = new Session(connection, Link.#complain(this.#options));
      for (const wanted of this.#wanted) this.#join(wanted);
      // Before anybody asks the store what was missed, NATS must have the subscriptions.
      const isSettled = await this.#session.ask();
      if (this.#isClosing) this.#session.close("the bus was closed");
      else if (isSettled) return true;
    }
  }

  #join(wanted: Wanted): void {
    wanted.leave = this.#session.isOver ? null : this.#session.subscribe(wanted.subject, wanted.callback);
  }

  /** `close` cuts it short. */
  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
