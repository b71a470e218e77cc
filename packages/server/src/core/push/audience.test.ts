import { expect, test } from "bun:test";
import { type Audience, audiencePage, isMeant, readAudience } from "./audience.ts";
import { usePushWorld } from "./testing/push-world.ts";

const item = (tags: string, more: object = {}) => ({
  ...{ tags: tags.split(" "), tagsOperator: "AND", isNot: false, itemsOperator: "AND" },
  ...more,
});
const own = new Set(["bj", "male", "tall"]);

test.each([
  [{}, true],
  [{ tags: ["bj", "male"] }, true],
  [{ tags: ["bj", "female"] }, false],
  [{ anyTags: ["sh", "tall"] }, true],
  [{ anyTags: ["sh"] }, false],
  [{ tags: ["bj"], anyTags: ["sh"] }, false],
  [{ items: [item("bj sh")] }, false],
  [{ items: [item("bj sh", { tagsOperator: "OR" })] }, true],
  [{ items: [item("sh", { isNot: true })] }, true],
  [{ items: [item("bj"), item("sh")] }, false],
  [{ items: [item("sh"), item("bj", { itemsOperator: "OR" })] }, true],
  [{ items: [item("bj"), item("male", { isNot: true })] }, false],
])("audience %j", (audience, expected) => {
  expect(isMeant(audience as Audience, own)).toBe(expected);
});

const world = usePushWorld();

const readAll = async (audience: Audience, onlyPushable = true): Promise<string[]> => {
  const { core } = world.newNode();
  const found: string[] = [];
  for (let after: string | null = null; ; ) {
    const { userIds, next } = await readAudience(core, audience, after, onlyPushable);
    found.push(...userIds);
    if (next === null) return found;
    after = next;
  }
};

test("an audience is read to its end, page by page, and names nobody twice", async () => {
  const { core } = world.newNode();
  const many = Array.from({ length: audiencePage * 2 + 3 }, (_, index) => `u${10_000 + index}`);
  for (let from = 0; from < many.length; from += 500)
    await core.store.setUserTags(many.slice(from, from + 500), ["big"]);
  await core.store.setUserTags(["u10001", "a"], ["small", "big"]);
  await core.store.setUserTags(["z"], ["small"]);
  expect(await readAll({ tags: ["big"] })).toEqual(["a", ...many]);
  expect(await readAll({ anyTags: ["big", "small"] })).toEqual(["a", ...many, "z"]);
  expect(await readAll({ tags: ["big", "small"] })).toEqual(["a", "u10001"]);
  expect(await readAll({ userIds: ["z", "a", "z"] })).toEqual(["a", "z"]);
  await world.reach("a", "z", "nobody");
  expect(await readAll({})).toEqual(["a", "nobody", "z"]);
  expect(await readAll({ items: [{ ...item("small"), isNot: true } as never] })).toEqual(["nobody"]);
  expect(await readAll({}, false)).toEqual([]);
});
