import { describe, expect, test } from "bun:test";
import { foldText, foldWord } from "./fold-text.ts";

describe("reads the same as", () => {
  test.each([
    ["ＢａＤ", "bad"],
    ["BAD", "bad"],
    ["b\u200bad\ufeff", "bad"],
    ["b\u00ada\u2060d", "bad"],
    ["b\u0336a\u0336d\u0336", "bad"],
    ["b\u20dda\u0301\u0336d", "bád"],
    ["𝓫𝓪𝓭", "bad"],
    ["ⓑⓐⓓ", "bad"],
    ["ﬁne", "fine"],
    ["ｶﾞ", "ガ"],
    ["か\u3099", "が"],
    ["\u1112\u1161\u11ab", "한"],
    ["e\u0301", "é"],
    ["e\u200b\u0301", "é"],
    ["ΟΔΟΣ", "οδος"],
    ["İ", "i"],
    ["STRASSE", "straße"],
    ["👍\ufe0f", "👍"],
    ["a\u{e0101}", "a"],
  ])("%j: %j", (one, other) => expect(foldWord(one)).toBe(foldWord(other)));

  test.each([
    ["schon", "schön"],
    ["कल", "कील"],
    ["か", "が"],
    ["ต", "ตี"],
    ["坏", "好"],
  ])("but not %j and %j", (one, other) => expect(foldWord(one)).not.toBe(foldWord(other)));
});

test("each unit knows the stretch it came from, and the stretches are in order", () => {
  const text = `ａ\u200bB\u0336\u0336ﬁ😀 \u1112\u1161 ${"x\u0301".repeat(9)}z${"\u0336".repeat(200)}y`;
  const { units, length, starts, ends } = foldText(text);
  const folded = String.fromCharCode(...units.subarray(0, length));
  expect(folded).toBe(`abfi😀 하 ${"x\u0301".repeat(9).replace(/\u0301/g, "")}zy`);
  const at = (of: string) => text.slice(starts[folded.indexOf(of)], ends[folded.indexOf(of)]);
  expect([at("a"), at("b"), at("f"), at("i"), at("하"), at("y")]).toEqual([
    "ａ\u200b",
    "B\u0336\u0336",
    "ﬁ",
    "ﬁ",
    "\u1112\u1161",
    "y",
  ]);
  for (let index = 1; index < length; index++) {
    expect(starts[index] as number).toBeGreaterThanOrEqual(starts[index - 1] as number);
    expect(ends[index] as number).toBeLessThanOrEqual(text.length);
  }
});

test("a text is folded whole, however long it becomes", () => {
  // One character that becomes eighteen.
  const folded = foldWord("\ufdfa".repeat(1000));
  expect(folded).toBe("\ufdfa".normalize("NFKC").repeat(1000));
  expect(foldText("\u0336".repeat(200_000)).length).toBe(0);
  expect(foldText(`\ud800${"a".repeat(100_000)}\udc00`).length).toBe(100_002);
});
