import { describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { scenarios } from "./scenarios/table.ts";
import { figures } from "./simulation/figures.ts";
import { defaults, readValues } from "./simulation/inputs.ts";
import { mostPeople, nodesThatListen, simulate } from "./simulation/model.ts";
import { renderSimulation, short } from "./simulation/report.ts";

const root = resolve(import.meta.dir, "../../..");

describe("the model", () => {
  const values = {
    ...defaults(),
    sendMicros: 21,
    markMicros: 530,
    connectMicros: 490,
    publishMicros: 8.1,
    hearMicros: 4,
    busBytes: 640,
    mainThreadShare: 0.5,
    connectionsPerNode: 20_000,
    sendsPerMinute: 0.6,
    listeners: 20,
    marksPerDelivery: 0.05,
    connectsPerHour: 3.6,
  };
  const million = simulate(1e6, values);

  test("counts what people do", () => {
    expect(million.messages).toBeCloseTo(10_000);
    expect(million.deliveries).toBeCloseTo(200_000);
    expect(million.marks).toBeCloseTo(10_000);
    expect(million.connects).toBeCloseTo(1000);
  });

  test("has as many nodes as sockets and CPU ask for, and not one more", () => {
    expect(million.nodesForSockets).toBe(50);
    const hard = { ...values, deliverMicros: 200 };
    const { nodesForCpu, nodes, heard } = simulate(1e6, hard);
    expect(nodes).toBe(nodesForCpu);
    expect(nodes).toBeGreaterThan(50);
    const own = (10_000 * 21 + 10_000 * 530 + 1000 * 490 + 21_000 * 8.1 + 400_000 * 200) * 1e-6;
    const left = 0.5 - heard * 4e-6;
    expect(nodes * left).toBeGreaterThanOrEqual(own);
    // One fewer would each hear a little more.
    expect((nodes - 1) * left).toBeLessThan(own);
  });

  test("where every node hears everything, the bus grows with nodes times messages", () => {
    const [one, two] = [simulate(1e6, values, "everyNode"), simulate(2e6, values, "everyNode")];
    expect(two.heard).toBeCloseTo(2 * one.heard);
    expect(two.busOut / one.busOut).toBeCloseTo((2 * 99) / 49);
    expect(one.busOut).toBeCloseTo(21_000 * 640 * 49);
  });

  test("where only nodes with listeners hear, more nodes hardly hear more", () => {
    const hundred = simulate(100e6, values);
    expect(million.heard).toBeLessThan(21_000);
    expect(hundred.heard / million.heard).toBeLessThan(1.3);
  });

  test("the database has cores to spare", () => {
    const { databaseCores, forAppends } = simulate(1e6, {
      ...values,
      appendDatabaseMicros: 50,
      markDatabaseMicros: 200,
      connectDatabaseMicros: 1000,
      databaseShare: 0.5,
    });
    expect(forAppends).toBeCloseTo(0.5);
    expect(databaseCores).toBeCloseTo((0.5 + 2 + 1) / 0.5);
  });

  test("where hearing takes a whole main thread, no number of nodes is enough", () => {
    expect(simulate(100e6, values, "everyNode").nodes).toBe(Number.POSITIVE_INFINITY);
    expect(Number.isFinite(simulate(100e6, values).nodes)).toBe(true);
  });

  test("listeners are on at most as many nodes as there are of either", () => {
    expect(nodesThatListen(1, 20)).toBe(1);
    expect(nodesThatListen(10_000, 20)).toBeCloseTo(20, 0);
    expect(nodesThatListen(10, 1e6)).toBeCloseTo(10);
  });

  test("finds walls", () => {
    const most = mostPeople(({ messages }) => messages <= 5000, values);
    expect(most / 500_000).toBeCloseTo(1, 2);
  });
});

test("measured figures name scenarios that there are", () => {
  const names = scenarios.map(({ name }) => name);
  const named = Object.values(figures).flatMap(
    ({ source }) => source.match(/^(cluster|idle|socketio)-[\w-]+/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(8);
  for (const start of named) expect(names.filter((name) => name.startsWith(start))).not.toBeEmpty();
});

describe("the command", () => {
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [join(root, "packages/loadgen/src/simulation.ts"), ...words], {
      encoding: "utf8",
      timeout: 20_000,
    });

  test("takes other inputs", () => {
    expect(readValues(["listeners=7"]).listeners).toBe(7);
    const { stdout, status } = run("connectionsPerNode=50000");
    expect(status).toBe(0);
    expect(stdout).toContain("| nodes for the sockets | 20 | 200 | 2,000 |");
    expect(stdout).toContain("| `connectionsPerNode` | 50,000 | connections | yours |");
  });

  test("refuses what is no input, in a sentence", () => {
    const { stderr, status } = run("people=3");
    expect(status).toBe(2);
    expect(stderr).toStartWith("people is none of sendsPerMinute, ");
    for (const word of ["listeners", "listeners=", "listeners=0", "listeners=x"])
      expect(() => readValues([word])).toThrow("listeners must be a number above 0.");
  });

  test("prints the tables of docs/scaling.md", () => {
    const page = readFileSync(join(root, "docs/scaling.md"), "utf8");
    expect(page).toContain(renderSimulation(defaults()));
  });

  test("numbers have three digits", () => {
    expect([0, 0.12345, 12.345, 1234.5, 1_234_567].map(short)).toEqual([
      "0",
      "0.123",
      "12.3",
      "1,230",
      "1,230,000",
    ]);
  });
});
