/** An app on a phone: keeps things as texts, writes, hears, is closed, and opens again without a network. */

import { type Cache, type Client, connect } from "@parlance/client";

const { url, token, console } = globalThis as unknown as {
  url: string;
  token: string;
  console: { log(text: string): void };
};

/** As over AsyncStorage or SQLite: texts by keys. */
class TextCache implements Cache {
  #texts = new Map<string, string>();

  async load(prefix: string): Promise<[string, unknown][]> {
    return [...this.#texts]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, text]) => [key, JSON.parse(text)]);
  }

  async write(changes: readonly (readonly [string, unknown])[]): Promise<void> {
    for (const [key, value] of changes)
      if (value === undefined) this.#texts.delete(key);
      else this.#texts.set(key, JSON.stringify(value));
  }

  close(): void {}
}

const cache = new TextCache();
const texts = (client: Client) => client.direct("ben").messages.map(({ content }) => content.text);

/** The log holds a message, its own included, when it is told. */
const told = (client: Client, text: string): Promise<void> =>
  new Promise((resolve) => {
    client.on("message", ({ message }) => message.content.text === text && resolve());
  });

/** With what the package keeps things in by itself where there is no IndexedDB. */
async function talk(): Promise<unknown> {
  const client = await connect({ url, userId: "ann", token: () => token });
  const answer = new Promise((resolve) => {
    client.on("message", ({ message }) => {
      if (message.from === "ben") resolve(message.content.text);
    });
  });
  await client.direct("ben").open();
  await client.direct("ben").send("Hello from a phone");
  const heard = await answer;
  const { messages } = await client.direct("ben").history();
  client.disconnect();
  client.reconnect();
  await client.direct("ben").send("Back again");
  await client.close();
  return { heard, history: messages.map(({ content }) => content.text) };
}

async function keep(): Promise<unknown> {
  const client = await connect({ url, userId: "ann", token, cache });
  const ben = client.direct("ben");
  const loaded = new Promise<void>((resolve) => {
    ben.on("messages", () => texts(client).includes("Back again") && resolve());
  });
  await ben.open();
  await loaded;
  const kept = told(client, "Kept");
  await ben.send("Kept");
  await kept;
  await client.close();
  return texts(client);
}

async function openOffline(): Promise<unknown> {
  const client = await connect({ url: "ws://127.0.0.1:9/connect", userId: "ann", token, cache });
  await client.direct("ben").open();
  const seen = { status: client.status, conversations: client.conversations.length, texts: texts(client) };
  await client.close();
  return seen;
}

/** The script is one without modules, so that nothing is awaited at its top. */
async function live(): Promise<void> {
  console.log(JSON.stringify({ talked: await talk(), kept: await keep(), offline: await openOffline() }));
}

live().catch((error) => console.log(String(error)));
