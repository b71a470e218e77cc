import { expect, test } from "bun:test";
import { median } from "./median.ts";
import { type Outcome, renderNotes, renderTable, type Sample, toRows } from "./report.ts";

const sample = (value: number, cores: number): Sample => ({
  measure: "deliveries",
  value,
  unit: "per second",
  busy: {
    server: { cores, busiestThread: cores / 2 },
    generator: { cores: 0.25, busiestThread: 0.25 },
  },
});

const outcome: Outcome = {
  scenario: "fanout",
  title: "10 rooms",
  runs: [
    [sample(1000, 1), { measure: "p99", value: 2.5, unit: "ms" }],
    [sample(3_000_000, 1.5), { measure: "p99", value: 1.25, unit: "ms" }],
    [sample(2000, 0.5), { measure: "p99", value: 12.34, unit: "ms" }],
  ],
  notes: ["shrunk", "shrunk"],
  failure: "the server ended",
};

test("the median of odd, even and no numbers", () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("rows hold the median, the range and how busy both sides were", () => {
  const [deliveries, p99] = toRows(outcome);
  expect(deliveries).toMatchObject({ median: 2000, min: 1000, max: 3_000_000, runs: 3 });
  expect(deliveries?.server).toEqual({ cores: 1, busiestThread: 0.5 });
  expect(p99).toMatchObject({ measure: "p99", median: 2.5, server: null });
});

test("the table is Markdown whose columns line up", () => {
  const lines = renderTable([outcome]).split("\n");
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines[2]).toContain("2,000/s");
  expect(lines[2]).toContain("1,000 – 3,000,000");
  expect(lines[2]).toContain("1.00 (0.50)");
  expect(lines[3]).toContain("2.50 ms");
});

test("a scenario that never ran leaves its reason, not a row", () => {
  const failed = { ...outcome, runs: [] };
  expect(renderTable([failed]).split("\n")).toHaveLength(2);
  expect(renderNotes([failed])).toEqual(["10 rooms: shrunk", "10 rooms: FAILED: the server ended"]);
});
