/**
 * SIGKILL of a node while clients send with client ids, many messages at once: what was acknowledged is there, what was
 * not is sent again, and all of it is in the log once, in the order of its sender. On one node, and with others to go to.
 */

import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, connect, MemoryCache } from "@parlance/client";
import type { ConversationRef, Message } from "@parlance/protocol";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { NativeClient } from "../packages/server/src/testing/native-client.ts";
import { sharedNats, sharedPostgres } from "../packages/server/src/testing/shared-servers.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";
import { RepeatingSender } from "./repeating-sender.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

/** As many as there are nodes: each is killed once. */
const rounds = 3;
const senders = 4;
const perRound = 150;
const perRoundOfSdk = 20;
const secret = "secret-of-the-native-kill-test";

interface Node {
  url: string;
  env: Record<string, string>;
  server: ServerProcess;
}

const folders: string[] = [];
const running: Node[] = [];
afterAll(async () => {
  for (const { server } of running) {
    server.process.kill("SIGKILL");
    await server.exited;
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}, startPatience);

async function startNode(more: Record<string, string>): Promise<Node> {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), "parlance-native-kill-"))];
  folders.push(folder);
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PORT: String(port),
    PARLANCE_HOST: "127.0.0.1",
    PARLANCE_DATA: folder,
    PARLANCE_APPS: `kill:kill:${secret}`,
    PARLANCE_FRAMES_PER_MINUTE: "1000000",
    PARLANCE_LOG_LEVEL: "warn",
    ...more,
  };
  const node = { url, env, server: await startServerProcess(url, env) };
  running.push(node);
  return node;
}

const oneNode = async () => [await startNode({})];

async function threeNodes() {
  const [postgres, nats] = await Promise.all([sharedPostgres(), sharedNats()]);
  const store = postgres.url(await postgres.createDatabase());
  const nodes: Node[] = [];
  for (let count = 0; count < 3; count++)
    nodes.push(await startNode({ PARLANCE_STORE: store, PARLANCE_BUS: nats.url }));
  return nodes;
}

const socketUrl = ({ url }: Node) => url.replace("http", "ws");

async function readLog(node: Node, token: string, conversation: ConversationRef): Promise<Message[]> {
  const reader = await NativeClient.open(socketUrl(node), { token });
  const log: Message[] = [];
  for (let hasMore = true; hasMore; ) {
    const after = log.at(-1)?.sentAt ?? 0;
    const page = await reader.request("message.history", { conversation, after, limit: 100 });
    log.push(...page.messages);
    hasMore = page.hasMore;
  }
  reader.close();
  return log;
}

describe.each<[string, () => Promise<Node[]>]>([
  ["the only node", oneNode],
  ["one of three nodes", threeNodes],
])("SIGKILL of %s", (_, deploy) => {
  test(`${rounds} times, while ${senders} clients and an SDK send`, async () => {
    const nodes = await deploy();
    const nodeAt = (index: number) => nodes[index % nodes.length] as Node;
    const shop = i2aBackEnd(nodeAt(0).url, secret);
    const names = Array.from({ length: senders }, (_, index) => `sender${index}`);
    const groupOf = async (...userIds: string[]): Promise<ConversationRef> => {
      const room = await shop.room(userIds);
      return { kind: "group", id: room.slice(0, room.lastIndexOf(":")) };
    };
    const group = await groupOf(...names, "witness", "sdk");
    const urls = nodes.map(socketUrl);
    const people: RepeatingSender[] = [];
    for (const [index, name] of names.entries())
      people.push(new RepeatingSender(name, group, await shop.token(name), urls, index));
    const [sdkToken, witness] = [await shop.token("sdk"), await shop.token("witness")];
    const sdk: Client = await connect({
      url: `${socketUrl(nodeAt(0))}/connect`,
      userId: "sdk",
      token: sdkToken,
      cache: new MemoryCache(),
    });
    const sent: Promise<{ seq: number }>[] = [];
    const runs = people.map((person) => person.run());

    for (let round = 0; round < rounds; round++) {
      const victim = nodeAt(round);
      const base = round * perRound;
      // The first sender goes through the nodes as the kills do. When it hears, more of its messages are under way.
      const [observer] = people as [RepeatingSender];
      let isKilled = false;
      observer.onAcknowledged = () => {
        if (isKilled || observer.acknowledged.size < base + perRound / 3) return;
        isKilled = true;
        victim.server.process.kill("SIGKILL");
      };
      for (let count = 0; count < perRoundOfSdk; count++)
        sent.push(sdk.group(group.id).send(`sdk:${sent.length}`));
      for (const person of people) person.sendUpTo(base + perRound);
      await until("enough was acknowledged to kill the node", () => isKilled);
      expect((await victim.server.exited)[1]).toBe("SIGKILL");
      if (nodes.length > 1)
        await until("who was on it goes on elsewhere", () => people.every(({ isDone }) => isDone));
      victim.server = await startServerProcess(victim.url, victim.env);
      await until("all is acknowledged", () => people.every(({ isDone }) => isDone));
    }
    const positions = await Promise.all(sent);
    for (const person of people) person.stop();
    await Promise.all(runs);
    await sdk.close();

    expect(people.flatMap(({ complaints }) => complaints)).toEqual([]);
    const log = await readLog(nodeAt(0), witness, group);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    expect(log.length).toBe(senders * rounds * perRound + sent.length);
    const ofSender = (name: string) =>
      log.filter(({ from }) => from === name).map(({ content, seq }) => [content.text, seq]);
    for (const { name, acknowledged } of people)
      expect(ofSender(name)).toEqual(
        Array.from({ length: rounds * perRound }, (_, at) => [`${name}:${at}`, acknowledged.get(at)]),
      );
    expect(ofSender("sdk")).toEqual(positions.map(({ seq }, at) => [`sdk:${at}`, seq]));
    const sum = (of: (person: RepeatingSender) => number) => people.reduce((all, one) => all + of(one), 0);
    const repeated = sum((person) => person.repeated);
    expect(repeated).toBeGreaterThan(0);
    console.log(
      `native kill test, ${nodes.length} nodes: ${rounds} kills, ${log.length} stored, ${repeated} sent again, ` +
        `${sum((person) => person.foundStored)} of them had been stored`,
    );
  }, 300_000);
});
