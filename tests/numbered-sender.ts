import { i2aPrefix } from "../packages/server/src/dialects/i2a/endpoints/index.ts";

/** Messages that one sender may have under way without an acknowledgement. */
const window = 20;

const unavailable = 10006;

/** Sends `name:0`, `name:1`, … into a room for as long as its socket lives, and remembers which were acknowledged. */
export class NumberedSender {
  readonly name: string;
  readonly room: string;
  readonly #url: string;
  readonly #token: string;
  #sent = 0;
  readonly acknowledged: number[] = [];
  /** Error frames that nobody who runs this expects: all but those that a store gives which is too busy. */
  readonly errors: string[] = [];

  constructor(name: string, room: string, url: string, token: string) {
    this.name = name;
    this.room = room;
    this.#url = url;
    this.#token = token;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Connects and sends until the connection ends; resolves then. Nothing is ever sent twice. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${this.#url}/socket/?token=${this.#token}`);
      let underWay = 0;
      const fill = () => {
        for (; underWay < window && socket.readyState === WebSocket.OPEN; underWay++) {
          const message = `${this.name}:${this.#sent++}`;
          socket.send(JSON.stringify({ type: "ROUTABLE", chat_room_identifier: this.room, message }));
        }
      };
      socket.onopen = fill;
      socket.onmessage = ({ data }) => {
        const frame = JSON.parse(data);
        if (frame.type === "ERROR") {
          if (frame.exception.error_code !== unavailable) this.errors.push(data);
          underWay--;
          fill();
        }
        if (frame.type !== "ROUTABLE" || !frame.message.startsWith(`${this.name}:`)) return;
        this.acknowledged.push(Number(frame.message.split(":")[1]));
        underWay--;
        fill();
      };
      socket.onclose = () => resolve();
    });
  }
}

/** Every text of a room, oldest first, read over HTTP page by page. */
export async function readRoom(url: string, secret: string, room: string): Promise<string[]> {
  const newestFirst: string[] = [];
  let from: string | undefined;
  for (;;) {
    const query = `limit=100${from ? `&timestamp_from=${from}` : ""}`;
    const response = await fetch(`${url}${i2aPrefix}/chat-room/${room}/messages/?${query}`, {
      headers: { "x-application-secret": secret },
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    const page = (await response.json()) as { message: string; message_timestamp_identifier: string }[];
    if (page.length === 0) return newestFirst.reverse();
    newestFirst.push(...page.map((item) => item.message));
    from = page.at(-1)?.message_timestamp_identifier;
  }
}
