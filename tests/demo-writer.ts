import { type Client, type ConversationRef, connect } from "../packages/client/src/index.ts";
import { until } from "../packages/server/src/testing/until.ts";

const mostUnderWay = 500;

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
    const client = await connect({ url: socketUrl, userId: id, token });
    await until(`${name} is online`, () => client.status === "online");
    return new DemoWriter(client);
  }

  /** `line 1`, `line 2` and so on. Not by the outbox, which waits for each: many are under way, and stay in order. */
  async write(to: ConversationRef, from: number, through: number): Promise<void> {
    for (let first = from; first <= through; first += mostUnderWay)
      await Promise.all(
        Array.from({ length: Math.min(mostUnderWay, through - first + 1) }, (_, index) =>
          this.client.request("message.send", {
            conversation: to,
            clientId: `line-${first + index}`,
            type: "text",
            content: { text: `line ${first + index}` },
          }),
        ),
      );
  }

  leave = () => this.client.close();
}
