import { describe, expect, test } from "bun:test";
import { expectRefusal, type Fixture } from "./fixture.ts";

export const profilesContract = (fixture: Fixture): void => {
  describe("profiles", () => {
    test("keep what is named, drop what is taken away, and leave the rest", async () => {
      const { own } = await fixture.newApp();
      const first = await own.saveProfile(
        "ann",
        { fields: { name: "Ann", gender: 2, email: "a@b" }, ownFields: { ext_a: "1", ext_b: "2" } },
        3,
      );
      expect(first).toMatchObject({ userId: "ann", fields: { name: "Ann", gender: 2, email: "a@b" } });
      const change = { fields: { name: "Anna", email: null }, ownFields: { ext_a: null, ext_c: "3" } };
      const second = await own.saveProfile("ann", change, 3);
      expect(second).toEqual({
        ...first,
        version: second.version,
        fields: { name: "Anna", gender: 2 },
        ownFields: { ext_b: "2", ext_c: "3" },
      });
      expect(second.version).toBeGreaterThan(first.version);
      expect(second.version).toBeLessThan(2 ** 31);
      expect(await own.findProfiles(["ann", "ann", "ben"])).toEqual([second]);
    });

    test("have so many fields of the app's own and no more; then nothing changes", async () => {
      const { own } = await fixture.newApp();
      await own.saveProfile("ann", { ownFields: { ext_a: "1", ext_b: "2" } }, 2);
      const change = { fields: { name: "Ann" }, ownFields: { ext_c: "3" } };
      await expectRefusal(own.saveProfile("ann", change, 2), "tooManyFields");
      await expectRefusal(own.saveProfile("new", { ownFields: { ext_a: "1" } }, 0), "tooManyFields");
      expect(await own.findProfiles(["ann", "new"])).toMatchObject([{ userId: "ann", fields: {} }]);
      await own.saveProfile("ann", { ownFields: { ext_c: "3", ext_a: null } }, 2);
    });

    test("lose nothing when many change one at once", async () => {
      const { own } = await fixture.newApp();
      const letters = [..."abcdefghijkl"];
      await Promise.all(
        letters.map((letter) =>
          own.saveProfile("ann", { fields: { [letter]: 1 }, ownFields: { [`ext_${letter}`]: "1" } }, 20),
        ),
      );
      const [profile] = await own.findProfiles(["ann"]);
      expect(Object.keys(profile?.fields ?? {}).sort()).toEqual(letters);
      expect(Object.keys(profile?.ownFields ?? {})).toHaveLength(letters.length);
    });

    test("are cleaned, and begin anew with a higher version", async () => {
      const { own } = await fixture.newApp();
      const { version } = await own.saveProfile("ann", { fields: { name: "Ann" } }, 1);
      expect(await own.cleanProfiles(["ann", "nobody"])).toEqual(["ann"]);
      expect(await own.findProfiles(["ann"])).toEqual([]);
      const anew = await own.saveProfile("ann", { fields: { level: 1 } }, 1);
      expect(anew.fields).toEqual({ level: 1 });
      expect(anew.version).toBeGreaterThanOrEqual(version);
    });

    test("are listed in the order of their making, either way", async () => {
      const { own } = await fixture.newApp();
      for (const userId of ["cid", "ann", "ben"]) await own.saveProfile(userId, { fields: {} }, 1);
      await own.saveProfile("cid", { fields: { name: "later" } }, 1);
      const list = async (offset: number, limit: number, isNewestFirst = false) =>
        (await own.listProfiles({ offset, limit, isNewestFirst })).map(({ userId }) => userId);
      expect(await list(0, 2)).toEqual(["cid", "ann"]);
      expect(await list(2, 2)).toEqual(["ben"]);
      expect(await list(3, 2)).toEqual([]);
      expect(await list(0, 5, true)).toEqual(["ben", "ann", "cid"]);
    });
  });
};
