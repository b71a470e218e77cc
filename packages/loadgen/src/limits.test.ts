import { expect, test } from "bun:test";
import { connectionsThatFit, readLimits } from "./limits.ts";

test("a wish that fits is granted", () => {
  expect(connectionsThatFit(19_000, { openFiles: 20_000, sourcePorts: 28_232 })).toEqual({
    count: 19_000,
    reason: null,
  });
});

test("too few files or ports shrink it and say why", () => {
  const files = connectionsThatFit(19_000, { openFiles: 1024, sourcePorts: 28_232 });
  expect(files.count).toBe(424);
  expect(files.reason).toContain("1024 files");
  const ports = connectionsThatFit(19_000, { openFiles: 100_000, sourcePorts: 10_000 });
  expect(ports.count).toBe(9000);
  expect(ports.reason).toContain("10000 source ports");
});

test("this machine's limits are numbers above zero", () => {
  const { openFiles, sourcePorts } = readLimits();
  expect(openFiles).toBeGreaterThan(0);
  expect(sourcePorts).toBeGreaterThan(0);
});
