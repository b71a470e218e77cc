import { expect, test } from "bun:test";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { AppStore } from "../../ports/store.ts";
import { newGroup, temporaries } from "./testing/temporary.ts";

const { newFile, openStore } = temporaries();
const ROUNDS = 8;
const script = new URL("./testing/append-forever.ts", import.meta.url).pathname;

const start = (file: string, appId: number, first: number, count: number, ids: number[]): ChildProcess =>
  spawn(process.execPath, [script, file, ...[appId, first, count, ...ids].map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });

/** Reads acknowledgements until `enough` are there, then kills the process; what still was in the pipe counts. */
const readAndKill = async (child: ChildProcess, enough: number, acknowledged: Map<number, string>) => {
  const ended = once(child, "close");
  let read = 0;
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const [number, conversation, seq, end] = line.split(" ");
    // A line that the kill cut off says nothing.
    if (end === "end") acknowledged.set(Number(number), `${conversation} ${seq}`);
    if (++read === enough) child.kill("SIGKILL");
  }
  await ended;
  return { read, code: child.exitCode };
};

interface Logged {
  number: number;
  appender: number;
  position: string;
}

const readLog = async (own: AppStore, id: number): Promise<Logged[]> => {
  const log = (await own.listMessages(id, null, 1_000_000)).reverse();
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  const times = log.map(({ sentAt }) => sentAt);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  return log.map(({ content, seq }) => ({ ...JSON.parse(content), position: `${id} ${seq}` }));
};

test("what was acknowledged survives SIGKILL: exactly once, in order, without gaps", async () => {
  const file = await newFile();
  const before = await openStore(file);
  const { own, appId, id } = await newGroup(before);
  const room = { kind: "group", admission: "members", memberIds: [] } as const;
  const second = await own.createConversation({ ...room, key: "second", memberIds: [] });
  const ids = [id, second.id];
  await before.close();

  const acknowledged = new Map<number, string>();
  for (let round = 0; round < ROUNDS; round++) {
    const enough = 1 + Math.floor(Math.random() * 3000);
    const first = round * 1_000_000;
    const { read } = await readAndKill(start(file, appId, first, 999_999, ids), enough, acknowledged);
    expect(read).toBeGreaterThanOrEqual(enough);

    const store = await openStore(file);
    const log = (await Promise.all(ids.map((one) => readLog(store.forApp(appId), one)))).flat();
    await store.close();
    const positions = new Map(log.map(({ number, position }) => [number, position]));
    expect(positions.size).toBe(log.length);
    const lost = [...acknowledged].filter(([number, position]) => positions.get(number) !== position);
    expect(lost).toEqual([]);
    for (const one of ids) {
      const ofRoom = log.filter(({ position }) => position.startsWith(`${one} `));
      for (const appender of new Set(ofRoom.map((logged) => logged.appender))) {
        const sent = ofRoom.filter((logged) => logged.appender === appender).map((logged) => logged.number);
        expect(sent).toEqual([...sent].sort((a, b) => a - b));
      }
    }
  }
  expect(acknowledged.size).toBeGreaterThan(ROUNDS);
}, 60_000);

test("a process that closes its store exits by itself", async () => {
  const file = await newFile();
  const before = await openStore(file);
  const { appId, id } = await newGroup(before);
  await before.close();
  const acknowledged = new Map<number, string>();
  const { code } = await readAndKill(
    start(file, appId, 0, 500, [id]),
    Number.POSITIVE_INFINITY,
    acknowledged,
  );
  expect(code).toBe(0);
  expect(acknowledged.size).toBe(500);
}, 60_000);
