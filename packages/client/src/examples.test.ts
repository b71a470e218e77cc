/** Every public member has a sentence and an example, and the example works. */

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ModelWorld } from "./testing/model/model-world.ts";

interface Member {
  file: string;
  name: string;
  comment: string;
}

/** A doc comment and the public member that it stands before; a member without one has an empty comment. */
function membersOf(file: string): Member[] {
  const source = readFileSync(join(import.meta.dir, "public", file), "utf8");
  const member =
    /(?:^ *\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\n)?^(?: {2}(?:readonly |async |get )*(?!constructor|if|for|return|else|try|const|#)|export (?:async )?function )(\w+)(?=[<(:]| =)[^;\n]*[{;(]$/gm;
  return [...source.matchAll(member)].map(([, comment = "", name = ""]) => ({ file, name, comment }));
}

const exampleOf = ({ comment }: Member): string =>
  (comment.split("@example")[1] ?? "")
    .split("\n")
    .map((line) => line.replace(/^ *\* ?/, ""))
    .join("\n")
    .trim();

const members = [
  ...["client.ts", "conversation.ts", "chatroom.ts"].flatMap(membersOf),
  ...membersOf("connect.ts").filter(({ name }) => name === "connect"),
];

const transpiler = new Bun.Transpiler({ loader: "ts" });
const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<void>;

async function run(code: string): Promise<void> {
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
  };
  const body = transpiler.transformSync(`async function example() {\n${code}\n}`);
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

test("all members are found", () => {
  const names = members.map(({ name }) => name);
  for (const name of [
    "connect",
    "conversations",
    "conversation",
    "send",
    "history",
    "markRead",
    "recall",
    "join",
    "isJoined",
    "ref",
  ])
    expect(names).toContain(name);
  expect(members.length).toBeGreaterThan(50);
});

test("the README's example works", async () => {
  const readme = readFileSync(join(import.meta.dir, "../README.md"), "utf8");
  await run(/```ts\n([\s\S]+?)```/.exec(readme)?.[1] as string);
});

describe("the example of", () => {
  for (const member of members)
    test(`${member.file} ${member.name}`, async () => {
      expect(member.comment.split("@example")[0]?.trim().length ?? 0).toBeGreaterThan(5);
      const code = exampleOf(member);
      expect(code.length).toBeGreaterThan(5);
      await run(code);
    });
});
