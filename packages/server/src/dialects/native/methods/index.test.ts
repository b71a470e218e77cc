import { expect, test } from "bun:test";
import { methods, unservedMethods } from "@parlance/protocol";
import { rows } from "./index.ts";

test("the server answers every method of the protocol's table but those it says it doesn't", () => {
  const served = Object.keys(methods).filter((name) => !unservedMethods.has(name as never));
  expect([...rows.keys()].sort()).toEqual(served.sort());
});
