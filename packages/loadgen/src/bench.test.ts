import { expect, test } from "bun:test";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { processesBelow } from "./process-tree.ts";
import type { Row } from "./report.ts";

/** The command itself, small: real servers, real generators, the JSON that it prints. */

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const MOST_MILLIS = 120_000;
/** PostgreSQL, NATS and three nodes have to start, on a machine that may do ten other things. */
const CLUSTER_MILLIS = 180_000;

async function bench(
  scenario: string,
  timeout = MOST_MILLIS,
): Promise<{ code: number; rows: Row[]; notes: string[] }> {
  const cmd = [process.execPath, main, "--quick", "--json", "--scenario", scenario];
  const child = Bun.spawn({ cmd, stdio: ["ignore", "pipe", "ignore"], timeout });
  const output = await new Response(child.stdout).text();
  const code = await child.exited;
  return { code, ...(JSON.parse(output) as { rows: Row[]; notes: string[] }) };
}

const medianOf = (rows: Row[], measure: string): number =>
  rows.find((row) => row.measure === measure)?.median ?? Number.NaN;

test.each([
  "native-json-10x100",
  "native-msgpack-1x1000",
  "native-json-deflate-10x100",
  "native-msgpack-deflate-durable",
])(
  "%s: everything sent is delivered, and has its price",
  async (scenario) => {
    const { code, rows, notes } = await bench(scenario);
    expect({ code, notes: notes.filter((note) => /FAILED|refusals/.test(note)) }).toEqual({
      code: 0,
      notes: [],
    });
    const rate = scenario.endsWith("durable") ? "sends acknowledged" : "deliveries";
    for (const measure of [`saturation: ${rate}`, "saturation: bytes sent, a send"])
      expect(medianOf(rows, measure), measure).toBeGreaterThan(0);
    // A text of a hundred characters, compressed or not, with its frame.
    expect(medianOf(rows, "saturation: bytes received, a delivery")).toBeGreaterThan(100);
    expect(medianOf(rows, "deliveries missing")).toBe(0);
  },
  MOST_MILLIS,
);

test(
  "native-json-deflate-idle: compressed connections are held and weighed",
  async () => {
    const { code, rows, notes } = await bench("native-json-deflate-idle");
    expect({ code, notes: notes.filter((note) => note.includes("lost")) }).toEqual({ code: 0, notes: [] });
    expect(medianOf(rows, "connections held")).toBeGreaterThan(900);
    expect(medianOf(rows, "RSS a connection, at rest (over: fresh start)")).toBeGreaterThan(0);
  },
  MOST_MILLIS,
);

test.each(["rongcloud", "rongcloud-postgres"])(
  "%s: every call is answered",
  async (scenario) => {
    const { code, rows, notes } = await bench(scenario, CLUSTER_MILLIS);
    expect({ code, notes: notes.filter((note) => note.includes("FAILED")) }).toEqual({ code: 0, notes: [] });
    for (const call of ["getToken", "private publish, stored", "private publish, not stored"])
      for (const measure of ["requests answered", "p50", "p99"])
        expect(medianOf(rows, `${call}: ${measure}`), measure).toBeGreaterThan(0);
  },
  CLUSTER_MILLIS,
);

test.each(["fanout-regular-10x100", "socketio-node-10x100"])(
  "%s: everything sent is delivered",
  async (scenario) => {
    const { code, rows, notes } = await bench(scenario);
    expect({ code, notes: notes.filter((note) => note.includes("FAILED")) }).toEqual({ code: 0, notes: [] });
    expect(medianOf(rows, "saturation: deliveries")).toBeGreaterThan(1000);
    expect(medianOf(rows, "half load: delivery p99")).toBeGreaterThan(0);
    expect(medianOf(rows, "deliveries missing")).toBe(0);
  },
  MOST_MILLIS,
);

/** What must be more than nothing in each, and what must be nothing at all. */
test.each([
  [
    "cluster-durable-10-x2",
    ["sends acknowledged", "sends acknowledged: per core of the nodes"],
    ["deliveries missing"],
  ],
  ["cluster-fanout-mass-x3", ["deliveries", "sends acknowledged"], ["deliveries missing"]],
  ["cluster-marks-x2", ["read marks moved", "mark to its own echo p99"], []],
  ["cluster-arrivals-x1", ["sessions made over REST", "connects"], ["connections lost"]],
  [
    "cluster-bus-x3",
    ["copies that left, a send", "events heard by nodes with listeners, a send", "bytes out of NATS, a send"],
    ["deliveries missing"],
  ],
  [
    "cluster-kill",
    [
      "send to ack p99, in the 10 s after",
      "clients whose node was killed",
      "the last back and caught up after",
    ],
    ["clients that never came back", "messages missing at members"],
  ],
])(
  "%s: prints sane rows",
  async (scenario, some, none) => {
    const { code, rows, notes } = await bench(scenario, CLUSTER_MILLIS);
    expect({ code, notes: notes.filter((note) => note.includes("FAILED")) }).toEqual({ code: 0, notes: [] });
    expect(rows.filter(({ median }) => !(Number.isFinite(median) && median >= 0))).toEqual([]);
    for (const measure of some) expect(medianOf(rows, measure), measure).toBeGreaterThan(0);
    for (const measure of none) expect(medianOf(rows, measure), measure).toBe(0);
  },
  CLUSTER_MILLIS,
);

test(
  "a command that is broken off takes nodes, generator, PostgreSQL and NATS with it",
  async () => {
    const cmd = [process.execPath, main, "--quick", "--seconds", "60", "cluster-durable-1000-x2"];
    const child = Bun.spawn({ cmd, stdio: ["ignore", "ignore", "ignore"] });
    const has = (name: string) => processesBelow(child.pid, name);
    try {
      // The holder of both servers, two nodes and the generator run the same program as this test.
      const ours = basename(process.execPath).slice(0, 15);
      await until("the command ends, or has all", () => child.exitCode !== null || has(ours).length === 4);
      expect(child.exitCode).toBeNull();
      const all = [...has(ours), ...has("postgres"), ...has("nats-server")];
      expect(all.length).toBeGreaterThan(6);
      child.kill("SIGTERM");
      expect(await child.exited).toBe(143);
      await until("all are gone", () => all.every((pid) => !isAlive(pid)));
    } finally {
      child.kill("SIGKILL");
    }
  },
  CLUSTER_MILLIS,
);

async function until(what: string, isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + CLUSTER_MILLIS / 3;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`in vain: ${what}`);
    await Bun.sleep(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
