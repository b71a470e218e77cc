/** Milliseconds before a client that was not told otherwise comes back. */
const patience = 200;

/** Sends `name:0`, `name:1`, … through whichever node takes it, one at a time, and never sends a text twice. */
export class WanderingSender {
  readonly name: string;
  readonly #room: string;
  readonly #token: string;
  readonly #nodes: readonly string[];
  readonly #onConnect: () => void;
  #sent = 0;
  readonly acknowledged: number[] = [];
  /** What no server should say. */
  readonly complaints: string[] = [];
  #isOver = false;
  #socket: WebSocket | null = null;

  constructor(name: string, room: string, token: string, nodes: readonly string[], onConnect: () => void) {
    this.name = name;
    this.#room = room;
    this.#token = token;
    this.#nodes = nodes;
    this.#onConnect = onConnect;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Resolves after `stop`, when the last connection is over. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      const wait = await this.#visit(this.#nodes[Math.floor(Math.random() * this.#nodes.length)] as string);
      if (!this.#isOver) await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  stop(): void {
    this.#isOver = true;
    this.#socket?.close();
  }

  /** Stays until the connection ends; resolves with how long to wait before the next one. */
  #visit(node: string): Promise<number> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${node}/socket/?token=${this.#token}`);
      this.#socket = socket;
      const next = () => {
        const message = `${this.name}:${this.#sent++}`;
        socket.send(JSON.stringify({ type: "ROUTABLE", chat_room_identifier: this.#room, message }));
      };
      socket.onopen = () => {
        this.#onConnect();
        next();
      };
      socket.onmessage = ({ data }) => {
        const frame = JSON.parse(data);
        const own = frame.type === "ROUTABLE" && frame.message.startsWith(`${this.name}:`);
        if (own) this.acknowledged.push(Number(frame.message.split(":")[1]));
        if ((own || frame.type === "ERROR") && socket.readyState === WebSocket.OPEN) next();
      };
      socket.onclose = ({ code, reason }) => resolve(code === 1012 ? this.#waitAsTold(reason) : patience);
    });
  }

  #waitAsTold(reason: string): number {
    const [, told] = /^\{"reconnect_after_ms":(\d+)\}$/.exec(reason) ?? [];
    if (told === undefined) this.complaints.push(`closed with 1012 ${reason}`);
    return told === undefined ? patience : Number(told);
  }
}
