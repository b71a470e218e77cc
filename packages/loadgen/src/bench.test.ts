import { expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import type { Row } from "./report.ts";

/** The command itself, small: real servers, real generators, the JSON that it prints. */

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const MOST_MILLIS = 60_000;

async function bench(scenario: string): Promise<{ code: number; rows: Row[]; notes: string[] }> {
  const cmd = [process.execPath, main, "--quick", "--json", "--scenario", scenario];
  const child = Bun.spawn({ cmd, stdio: ["ignore", "pipe", "ignore"], timeout: MOST_MILLIS });
  const output = await new Response(child.stdout).text();
  const code = await child.exited;
  return { code, ...(JSON.parse(output) as { rows: Row[]; notes: string[] }) };
}

const medianOf = (rows: Row[], measure: string): number =>
  rows.find((row) => row.measure === measure)?.median ?? Number.NaN;

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
