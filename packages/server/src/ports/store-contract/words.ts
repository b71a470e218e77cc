import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import type { SensitiveWord } from "../store-words.ts";
import { expectRefusal, type Fixture } from "./fixture.ts";

const word = (key: string, replaceWith: string | null = null, given = key): SensitiveWord => ({
  key,
  word: given,
  replaceWith,
});

const all = (own: AppStore): Promise<SensitiveWord[]> => own.listWords(null, 100);

export const wordsContract = (fixture: Fixture): void => {
  const revisionOf = async (key: string) =>
    (await fixture.store.apps.list()).find((app) => app.key === key)?.wordsRevision;

  describe("sensitive words", () => {
    test("are kept in the order of their keys, and changed by them", async () => {
      const { own } = await fixture.newApp();
      expect(await all(own)).toEqual([]);
      expect(await own.saveWords([word("b"), word("a", "***", "A")], 10)).toEqual({ isSaved: true, left: 8 });
      expect(await all(own)).toEqual([word("a", "***", "A"), word("b")]);
      expect(await own.saveWords([word("a", null, "Á"), word("坏词", "")], 10)).toEqual({
        isSaved: true,
        left: 7,
      });
      expect(await all(own)).toEqual([word("a", null, "Á"), word("b"), word("坏词", "")]);
      expect(await own.listWords("a", 1)).toEqual([word("b")]);
      expect(await own.listWords("坏词", 1)).toEqual([]);
    });

    test("are saved all or none, with how many more there may be", async () => {
      const { own } = await fixture.newApp();
      await own.saveWords([word("a"), word("b")], 3);
      expect(await own.saveWords([word("c"), word("d")], 3)).toEqual({ isSaved: false, left: 1 });
      expect(await all(own)).toEqual([word("a"), word("b")]);
      expect(await own.saveWords([word("b", "x"), word("c")], 3)).toEqual({ isSaved: true, left: 0 });
      // Who has more than there may be now goes on changing them.
      expect(await own.saveWords([word("a", "y")], 1)).toEqual({ isSaved: true, left: 0 });
      expect(await own.saveWords([word("d")], 1)).toEqual({ isSaved: false, left: 0 });
      expect(await own.removeWords(["a", "c", "nothing"])).toBe(2);
      expect(await own.saveWords([word("d"), word("e")], 3)).toEqual({ isSaved: true, left: 0 });
      expect(await all(own)).toEqual([word("b", "x"), word("d"), word("e")]);
    });

    test("many who save at once never make it too many", async () => {
      const { own } = await fixture.newApp();
      const saves = Array.from({ length: 20 }, (_, index) => own.saveWords([word(`w${index}`)], 5));
      const outcomes = await Promise.all(saves);
      expect(outcomes.filter(({ isSaved }) => isSaved)).toHaveLength(5);
      expect(await all(own)).toHaveLength(5);
    });

    test("raise the app's revision, and that of the apps, when they change", async () => {
      const { app, own } = await fixture.newApp();
      const { apps } = fixture.store;
      const look = async () => [await revisionOf(app.key), await apps.revision()] as number[];
      expect(app.wordsRevision).toBe(0);
      const [[, before = 0]] = [await look()];
      await own.removeWords(["a"]);
      await own.saveWords([word("a"), word("b")], 1);
      expect(await look()).toEqual([0, before]);
      await own.saveWords([word("a")], 1);
      await own.removeWords(["a"]);
      const [revision, ofApps = 0] = await look();
      expect(revision).toBe(2);
      expect(ofApps).toBeGreaterThan(before);
    });

    test("are not taken by a deleted app, and go with it", async () => {
      const { app, own } = await fixture.newApp();
      await own.saveWords([word("a"), word("b")], 10);
      await fixture.store.apps.delete(app.key);
      await expectRefusal(own.saveWords([word("c")], 10), "notFound");
      while ((await fixture.store.apps.purge(1000)) > 0);
      expect(await all(own)).toEqual([]);
    });
  });
};
