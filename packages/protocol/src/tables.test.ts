import { describe, expect, test } from "bun:test";
import { closeActionOf, closeCodes, closeRanges, readCloseReason } from "./close-codes.ts";
import { protocolErrors } from "./errors.ts";
import { events } from "./events.ts";
import { limits } from "./limits.ts";
import { flagsOf, messageTypes } from "./message-types.ts";
import { methods } from "./methods/index.ts";
import { commonErrors } from "./methods/method.ts";
import { faultsOf } from "./schema/check.ts";

const isUnique = (values: readonly unknown[]) => new Set(values).size === values.length;

describe("the tables", () => {
  for (const [name, { params, result, example, errors }] of Object.entries(methods))
    test(`${name}: the example is good, no error is named twice`, () => {
      expect(faultsOf(params, example.params)).toEqual([]);
      expect(faultsOf(result, example.result)).toEqual([]);
      expect(isUnique([...errors, ...commonErrors])).toBe(true);
    });

  for (const [name, { data, example }] of Object.entries(events))
    test(`event ${name}: the example is good`, () => expect(faultsOf(data, example)).toEqual([]));

  for (const [name, { content, example }] of Object.entries(messageTypes))
    test(`type ${name}: the example is good`, () => expect(faultsOf(content, example)).toEqual([]));

  test("each error has a code of its own, and each is answered somewhere", () => {
    const codes = Object.values(protocolErrors).map(({ code }) => code);
    expect(isUnique(codes)).toBe(true);
    expect(codes).toEqual([...codes].sort((one, other) => one - other));
    const answered = new Set<string>([
      ...commonErrors,
      ...Object.values(methods).flatMap(({ errors }) => errors),
    ]);
    // The session's are answered before the upgrade.
    const unused = Object.entries(protocolErrors).filter(
      ([name, { code }]) => !answered.has(name) && (code < 2000 || code > 2999),
    );
    expect(unused).toEqual([]);
  });

  test("each close code is in a range, and unknown ones act by it", () => {
    for (const { code } of Object.values(closeCodes))
      expect(closeRanges.filter(({ from, to }) => code >= from && code <= to)).toHaveLength(1);
    for (const { from, to, action } of closeRanges) {
      expect(closeActionOf(from)).toBe(action);
      expect(closeActionOf(to)).toBe(action);
    }
    expect(isUnique(Object.values(closeCodes).map(({ code }) => code))).toBe(true);
  });

  test("every close reason fits a close frame", () => {
    for (const name of Object.keys(closeCodes)) {
      const reason = JSON.stringify({ name, retryAfterMs: 600_000 });
      expect(reason.length).toBeLessThanOrEqual(123);
      expect(readCloseReason(reason)).toEqual({ name, retryAfterMs: 600_000 });
    }
  });

  test("types of RongCloud's dialect are named once; own types are counted and stored", () => {
    expect(isUnique(Object.values(messageTypes).map(({ objectName }) => objectName))).toBe(true);
    expect(flagsOf("shop:order")).toMatchObject({ isCounted: true, isPersisted: true });
    expect(flagsOf("command")).toMatchObject({ isCounted: false, isPersisted: false });
    expect(flagsOf("toString")).toMatchObject({ isCounted: true });
  });

  test("a message of the largest content fits a frame", () => {
    expect(limits.contentBytes + limits.directedUsers * 80).toBeLessThanOrEqual(limits.frameBytes);
  });
});
