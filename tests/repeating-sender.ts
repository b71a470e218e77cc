import { type ConversationRef, jsonCodec, readServerFrame } from "@parlance/protocol";

/** Messages that may be under way without an answer. */
const window = 20;
/** Milliseconds before the next connection, when one has ended. */
const patience = 50;

/**
 * Sends `name:0`, `name:1`, … over the native protocol, many at once. When its connection ends it takes the next node, and
 * there repeats what was not answered under the same client ids, before anything new.
 */
export class RepeatingSender {
  readonly name: string;
  readonly #conversation: ConversationRef;
  readonly #token: string;
  readonly #nodes: readonly string[];
  #visits: number;
  #limit = 0;
  #made = 0;
  #unanswered: number[] = [];
  #isOver = false;
  #socket: WebSocket | null = null;
  /** Where in the log each message is, by what the server said. */
  readonly acknowledged = new Map<number, number>();
  /** Sent again after a connection ended; those of them that were stored already. */
  repeated = 0;
  foundStored = 0;
  /** What no server should say. */
  readonly complaints: string[] = [];
  onAcknowledged: () => void = () => {};

  /** `first` is the node to begin with; each sender goes through them in turn. */
  constructor(
    name: string,
    conversation: ConversationRef,
    token: string,
    nodes: readonly string[],
    first: number,
  ) {
    this.name = name;
    this.#conversation = conversation;
    this.#token = token;
    this.#nodes = nodes;
    this.#visits = first;
  }

  /** Resolves after `stop`. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      await this.#visit(this.#nodes[this.#visits++ % this.#nodes.length] as string);
      if (!this.#isOver) await new Promise((resolve) => setTimeout(resolve, patience));
    }
  }

  /** So many messages are to be sent altogether. */
  sendUpTo(limit: number): void {
    this.#limit = limit;
    this.#fill();
  }

  get isDone(): boolean {
    return this.acknowledged.size === this.#limit;
  }

  stop(): void {
    this.#isOver = true;
    this.#socket?.close();
  }

  /** Stays until the connection ends. */
  #visit(node: string): Promise<void> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${node}/connect?token=${this.#token}`);
      socket.onmessage = ({ data }) => {
        const frame = readServerFrame(jsonCodec.decode(data));
        if (frame === null) this.complaints.push(`no frame: ${data}`);
        else if (!("event" in frame)) this.#settle(frame.id - 1, frame);
        else if (frame.event === "welcome") this.#begin(socket);
      };
      socket.onclose = () => {
        this.#socket = null;
        resolve();
      };
    });
  }

  #begin(socket: WebSocket): void {
    this.#socket = socket;
    this.repeated += this.#unanswered.length;
    for (const number of this.#unanswered) this.#send(number);
    this.#fill();
  }

  #fill(): void {
    while (this.#socket && this.#unanswered.length < window && this.#made < this.#limit) {
      this.#unanswered.push(this.#made);
      this.#send(this.#made++);
    }
  }

  #send(number: number): void {
    const text = `${this.name}:${number}`;
    const params = { conversation: this.#conversation, clientId: text, type: "text", content: { text } };
    this.#socket?.send(jsonCodec.encode({ id: number + 1, method: "message.send", params }));
  }

  #settle(number: number, reply: { result: Record<string, unknown> } | { error: { name: string } }): void {
    if ("error" in reply) {
      this.complaints.push(`${this.name}:${number} was refused: ${reply.error.name}`);
      return;
    }
    this.#unanswered = this.#unanswered.filter((other) => other !== number);
    this.acknowledged.set(number, reply.result.seq as number);
    if (reply.result.isRepeat) this.foundStored++;
    this.onAcknowledged();
    this.#fill();
  }
}
