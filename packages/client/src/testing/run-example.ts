/** Runs the examples of documents, as they stand there. */

import { expect } from "bun:test";
import { ModelWorld } from "./model/model-world.ts";

const transpiler = new Bun.Transpiler({ loader: "ts" });
const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<void>;

/** In a world of its own, with what examples take as there. Imports are left out: `more` has what they would bring. */
export async function runExample(code: string, more: Record<string, unknown> = {}): Promise<void> {
  const world = new ModelWorld();
  world.server.group("lunch", "alice", "bob");
  const client = await world.device("alice");
  await world.synced(client);
  const bob = await world.device("bob");
  await world.synced(bob);
  const conversation = client.group("lunch");
  const chatroom = client.chatroom("hall");
  const ready = Promise.all([conversation.open(), chatroom.join(), conversation.send("First")]);
  await world.clock.until(() => conversation.messages[0]?.seq === 1);
  await ready;
  const values = {
    ...{
      client,
      conversation,
      chatroom,
      expect,
      message: conversation.messages[0],
      url: "ws://model/connect",
    },
    console: { log: () => {} },
    fetchToken: () => "alice:tablet:0",
    connect: () => world.device("alice", "tablet"),
    ...more,
  };
  const body = transpiler.transformSync(
    `async function example() {\n${code.replace(/^import .*;$/gm, "")}\n}`,
  );
  const outcome = new AsyncFunction(...Object.keys(values), `${body}\nreturn example();`)(
    ...Object.values(values),
  ).then(
    () => ({ error: null }),
    (error: unknown) => ({ error }),
  );
  let result: { error: unknown } | null = null;
  void outcome.then((found) => {
    result = found;
  });
  await world.clock.until(() => result !== null);
  if ((result as unknown as { error: unknown }).error) throw (result as unknown as { error: unknown }).error;
  await Promise.all([client.close(), bob.close()]);
}
