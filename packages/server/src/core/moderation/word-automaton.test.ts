import { describe, expect, test } from "bun:test";
import { seeded } from "../../ports/store-contract/fixture.ts";
import { buildAutomaton } from "./build-automaton.ts";
import { foldText } from "./fold-text.ts";
import type { FoundWord, ScreenedWord } from "./word-automaton.ts";

const word = (key: string, replaceWith: string | null = null): ScreenedWord => ({ key, replaceWith });

test("a text is refused, changed, or neither", async () => {
  const words = await buildAutomaton([word("bad"), word("so so", "*"), word("so bad thing", "!")]);
  const judge = (text: string) => words.judge(foldText(text));
  expect(["", "ba", "b a d", "good"].map(judge)).toEqual(["pass", "pass", "pass", "pass"]);
  expect(["so so", "not so so good"].map(judge)).toEqual(["replace", "replace"]);
  // A word within another, and one that begins like another that doesn't end.
  expect(["bad", "so bad thing", "so so bad", "babad"].map(judge)).toEqual([
    "block",
    "block",
    "block",
    "block",
  ]);
});

test("of words that overlap the first is found, then the longest", async () => {
  const words = await buildAutomaton(["he", "hers", "she", "his", "a", "aa"].map((key) => word(key, key)));
  const find = (text: string) => words.find(foldText(text)).map(({ replaceWith }) => replaceWith);
  expect(find("ushers")).toEqual(["she"]);
  expect(find("hers his")).toEqual(["hers", "his"]);
  expect(find("aaa")).toEqual(["aa", "a"]);
  expect(find("")).toEqual([]);
});

describe("finds what a plain search finds", () => {
  /** Leftmost, then longest. */
  const search = (words: readonly ScreenedWord[], text: string): FoundWord[] => {
    const found: FoundWord[] = [];
    for (let start = 0; start < text.length; ) {
      const [longest] = words
        .filter(({ key }) => text.startsWith(key, start))
        .sort((one, other) => other.key.length - one.key.length);
      if (longest) {
        const end = start + longest.key.length;
        found.push({ start, end, replaceWith: longest.replaceWith as string });
        start = end;
      } else start++;
    }
    return found;
  };

  test.each([1, 2, 3, 4])("seed %i", async (seed) => {
    const random = seeded(seed);
    const pick = (letters: string, most: number) =>
      Array.from(
        { length: 1 + Math.floor(random() * most) },
        () => letters[Math.floor(random() * letters.length)],
      ).join("");
    for (let round = 0; round < 50; round++) {
      const letters = round % 2 === 0 ? "ab" : "abc坏词";
      const keys = new Set(Array.from({ length: 1 + Math.floor(random() * 30) }, () => pick(letters, 6)));
      const words = [...keys].map((key) => word(key, `<${key}>`));
      const blocking = words.map(({ key }, at) => word(key, at % 5 === 0 ? null : key));
      const [all, some] = [await buildAutomaton(words), await buildAutomaton(blocking)];
      const text = pick(letters, 200);
      expect(all.find(foldText(text))).toEqual(search(words, text));
      const isBlocked = blocking.some(({ key, replaceWith }) => replaceWith === null && text.includes(key));
      const isFound = blocking.some(({ key }) => text.includes(key));
      expect(some.judge(foldText(text))).toBe(isBlocked ? "block" : isFound ? "replace" : "pass");
    }
  });
});

test("building many words lets others have their turn", async () => {
  const words = Array.from({ length: 20_000 }, (_, index) => word(`${index * 7919}word`));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const built = await buildAutomaton(words);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  expect(built.judge(foldText(`it is 158372081word`))).toBe("block");
  expect(built.judge(foldText("it is 158372082word"))).toBe("pass");
});
