import { expect, test } from "bun:test";
import { describeMachine, machineLine } from "./machine.ts";

test("the machine is described in one line, with runtimes, disk and commit", () => {
  const machine = describeMachine();
  expect(machine.cores).toBeGreaterThan(0);
  expect(machine.disk.syncMillis).toBeGreaterThan(0);
  const line = machineLine(machine);
  for (const part of [machine.cpu, machine.system, `Bun ${process.versions.bun}`, "fdatasync", "commit"])
    expect(line).toContain(part);
  expect(line).not.toContain("\n");
});
