/** Every public member has a sentence and an example, and the example works. */

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runExample } from "./testing/run-example.ts";

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

test("the README's examples work", async () => {
  const readme = readFileSync(join(import.meta.dir, "../README.md"), "utf8");
  const examples = [...readme.matchAll(/^```[jt]s\n([\s\S]+?)^```$/gm)];
  expect(examples.length).toBe(2);
  for (const [, code] of examples) await runExample(code as string);
});

describe("the example of", () => {
  for (const member of members)
    test(`${member.file} ${member.name}`, async () => {
      expect(member.comment.split("@example")[0]?.trim().length ?? 0).toBeGreaterThan(5);
      const code = exampleOf(member);
      expect(code.length).toBeGreaterThan(5);
      await runExample(code);
    });
});
