import type { NatsConnection } from "@nats-io/transport-node";

/** After so many bytes NATS is asked whether it has them; the answers are also how we see that it makes progress. */
const askBytes = 512 * 1024;

/**
 * Ticks of 250 ms without any sign of life while an answer is due, after which the connection is given up. Ticks
 * rather than a time, because a process that was itself stopped has the answers still to read.
 */
const patienceTicks = 6;

export interface Amount {
  bytes: number;
  messages: number;
}

/**
 * One connection to NATS from its opening to its end, and what was sent on it that NATS has not confirmed. The
 * client's own check for a stalled connection waits for the stalled socket to take what is queued, so ours stands in
 * for it; it also gives a link time that is merely slow with the megabytes before the PING.
 */
export class Session {
  readonly #connection: NatsConnection;
  readonly unconfirmed: Amount = { bytes: 0, messages: 0 };
  #unasked: Amount = { bytes: 0, messages: 0 };
  /** Questions without an answer; told false when the session ends. */
  readonly #questions = new Set<(isConfirmed: boolean) => void>();
  #silentTicks = 0;
  #end: (why: string) => void = () => {};
  isOver = false;
  /** Resolves with the reason, when the connection is lost, given up or closed. */
  readonly ended: Promise<string>;

  constructor(connection: NatsConnection, onError: (error: Error) => void) {
    this.#connection = connection;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    void connection.closed().then((error) => this.#finish(error ? error.message : "it was closed"));
    void this.#watch(onError);
  }

  /** The server's limit for one message, in bytes. */
  get maxPayload(): number {
    return this.#connection.info?.max_payload ?? 1024 * 1024;
  }

  /** `messages` is how many of ours the payload holds. */
  send(subject: string, payload: Uint8Array, messages: number): void {
    this.#connection.publish(subject, payload);
    for (const amount of [this.unconfirmed, this.#unasked]) {
      amount.bytes += payload.length;
      amount.messages += messages;
    }
    if (this.#unasked.bytes >= askBytes) void this.ask();
  }

  subscribe(subject: string, callback: (payload: Uint8Array) => void): () => void {
    const subscription = this.#connection.subscribe(subject, {
      callback: (error, message) => {
        this.#silentTicks = 0;
        // An error is a refusal, which the status tells, too.
        if (!error) callback(message.data);
      },
    });
    return () => {
      if (!this.isOver && !subscription.isClosed()) subscription.unsubscribe();
    };
  }

  /** True when NATS has handled everything sent so far; false when the session ends before. */
  ask(): Promise<boolean> {
    if (this.isOver) return Promise.resolve(false);
    const { bytes, messages } = this.#unasked;
    this.#unasked = { bytes: 0, messages: 0 };
    return new Promise((resolve) => {
      this.#questions.add(resolve);
      this.#connection.flush().then(
        () => {
          this.#questions.delete(resolve);
          this.#silentTicks = 0;
          this.unconfirmed.bytes -= bytes;
          this.unconfirmed.messages -= messages;
          resolve(true);
        },
        () => {},
      );
    });
  }

  /** To be called every 250 ms: asks for a sign of life, and gives up after six without one. */
  tick(): void {
    if (this.isOver) return;
    if (this.#questions.size === 0) void this.ask();
    else if (++this.#silentTicks >= patienceTicks) this.close("it does not answer");
  }

  /** At once, whatever is still under way. */
  close(why: string): void {
    this.#finish(why);
    void this.#connection.close();
  }

  #finish(why: string): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const resolve of this.#questions) resolve(false);
    this.#questions.clear();
    this.#end(why);
  }

  async #watch(onError: (error: Error) => void): Promise<void> {
    for await (const status of this.#connection.status()) if (status.type === "error") onError(status.error);
  }
}
