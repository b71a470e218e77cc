import { type Client, type ConversationRef, connect } from "../packages/client/src/index.ts";

/** What `/demo/api` answers. */
type Answer = Record<"id" | "name" | "token", string>;

export async function callDemo(url: string, path: string, body: object): Promise<Answer> {
  const response = await fetch(`${url}/demo/api/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** Somebody of the demo without a page, who writes a lot. */
export class DemoWriter {
  readonly client: Client;

  private constructor(client: Client) {
    this.client = client;
  }

  static async arrive(url: string, name: string): Promise<DemoWriter> {
    const { id, token } = await callDemo(url, "session", { name, deviceId: "writer" });
    const socketUrl = `${url.replace("http", "ws")}/connect`;
    return new DemoWriter(await connect({ url: socketUrl, userId: id, token }));
  }

  /** `line 1`, `line 2` and so on; many are under way at once, in order. */
  async write(to: ConversationRef, from: number, through: number): Promise<void> {
    const conversation = this.client.conversation(to);
    const width = 200;
    for (let first = from; first <= through; first += width)
      await Promise.all(
        Array.from({ length: Math.min(width, through - first + 1) }, (_, index) =>
          conversation.send(`line ${first + index}`),
        ),
      );
  }

  leave = () => this.client.close();
}
