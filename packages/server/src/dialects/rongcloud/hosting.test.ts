import { expect, test } from "bun:test";
import type { Core } from "../../core/core.ts";
import { ParlanceError } from "../../errors.ts";
import { hosting } from "./hosting.ts";
import { refusalOf } from "./refusal.ts";

const coreWith = (isHosting: boolean) => ({ settings: { hosting: isHosting } }) as Core;

const told = async (error: Error, isHosting = true) => {
  const run = hosting({ notMember: 25418, invalidInput: 25432 })(async () => {
    throw error;
  });
  const refusal = refusalOf(await run(coreWith(isHosting), {}).catch((thrown: unknown) => thrown));
  return refusal && [refusal.status, refusal.code];
};

test("an app that doesn't host is told so, and nothing is done", async () => {
  expect(await told(new Error("was run"), false)).toEqual([430, 24369]);
});

test("refusals of the core have the area's codes, and what is wrong with a parameter has the usual one", async () => {
  expect(await told(new ParlanceError("notMember"))).toEqual([403, 25418]);
  expect(await told(new ParlanceError("invalidInput", { cursor: "None." }))).toEqual([403, 25432]);
  expect(await told(new ParlanceError("invalidInput", { id: "Too long." }))).toEqual([400, 1002]);
  expect(await told(new ParlanceError("tooManyFields"))).toEqual([403, 24363]);
  expect(await told(new Error("unforeseen"))).toBeNull();
});
