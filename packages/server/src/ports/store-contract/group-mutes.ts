import { describe, expect, test } from "bun:test";
import { expectRefusal, type Fixture } from "./fixture.ts";

export const groupMutesContract = (fixture: Fixture): void => {
  describe("mutes in groups", () => {
    const mute = (mutedAt: number, until: number | null = null, most = 100) => ({ mutedAt, until, most });
    const open = async () => (await fixture.newApp()).own;

    test("of single users: they end by themselves, or never", async () => {
      const own = await open();
      await own.muteInGroup("g", ["ben", "ann", "ben"], mute(1000, 2000));
      await own.muteInGroup("g", ["cid"], mute(1500));
      const [ann, ben] = ["ann", "ben"].map((userId) => ({ userId, mutedAt: 1000, until: 2000 }));
      const cid = { userId: "cid", mutedAt: 1500, until: null };
      expect(await own.listGroupMutes("g", 1999)).toEqual([ann, ben, cid] as never);
      expect(await own.listGroupMutes("g", 2000)).toEqual([cid]);
      expect(await own.listGroupMutes("G", 1999)).toEqual([]);
      expect(await own.listGroupMutes(null, 1999)).toEqual([]);

      await own.muteInGroup("g", ["ben"], mute(1600, 3000));
      expect(await own.listGroupMutes("g", 2000)).toEqual([
        { userId: "ben", mutedAt: 1600, until: 3000 },
        cid,
      ]);
      await own.unmuteInGroup("g", ["ben", "nobody", "cid"]);
      expect(await own.listGroupMutes("g", 1999)).toEqual([ann] as never);
    });

    test("those in all groups are theirs alone", async () => {
      const own = await open();
      await own.muteInGroup(null, ["ann"], mute(1));
      await own.muteInGroup("g", ["ben"], mute(1));
      expect((await own.listGroupMutes(null, 2)).map(({ userId }) => userId)).toEqual(["ann"]);
      expect((await own.readGroupRules("g", 2)).mutes.map(({ userId }) => userId)).toEqual(["ben"]);
      await own.unmuteInGroup(null, ["ann", "ben"]);
      expect(await own.listGroupMutes(null, 2)).toEqual([]);
      expect(await own.listGroupMutes("g", 2)).toHaveLength(1);
    });

    test("there are no more than may be; those whose time is over take no place", async () => {
      const own = await open();
      await own.muteInGroup(null, ["ann", "ben"], mute(1, 10, 2));
      const refusal = await expectRefusal(own.muteInGroup(null, ["cid"], mute(2, null, 2)), "invalidInput");
      expect(Object.keys(refusal.details)).toEqual(["userId"]);
      expect(await own.listGroupMutes(null, 2)).toHaveLength(2);
      await own.muteInGroup(null, ["ann"], mute(3, 10, 2));
      await own.muteInGroup(null, ["cid", "dan"], mute(10, null, 2));
      expect((await own.listGroupMutes(null, 0)).map(({ userId }) => userId)).toEqual(["cid", "dan"]);
    });

    test("of whole groups, with those who are exempt", async () => {
      const own = await open();
      await own.muteGroups(["g", "b", "a", "g"], 1);
      await own.muteGroups(["g"], 2);
      expect((await own.findMutedGroups(["g", "x", "a", "g"])).sort()).toEqual(["a", "g"]);
      expect(await own.findMutedGroups([])).toEqual([]);
      expect(await own.listMutedGroups({ offset: 0, limit: 10 })).toEqual(["a", "b", "g"]);
      expect(await own.listMutedGroups({ offset: 1, limit: 1 })).toEqual(["b"]);
      expect(await own.listMutedGroups({ offset: 3, limit: 1 })).toEqual([]);

      await own.exemptFromMute("g", ["ben", "ann", "ann"], { at: 1, most: 2 });
      await own.exemptFromMute("g", ["ann"], { at: 2, most: 2 });
      await expectRefusal(own.exemptFromMute("g", ["cid"], { at: 2, most: 2 }), "invalidInput");
      expect(await own.listExempt("g")).toEqual(["ann", "ben"]);
      expect(await own.listExempt("a")).toEqual([]);
      expect(await own.readGroupRules("g", 5)).toEqual({ isMuted: true, mutes: [], exempt: ["ann", "ben"] });
      await own.endExemption("g", ["ann", "nobody"]);
      await own.unmuteGroups(["g", "never"]);
      expect(await own.readGroupRules("g", 5)).toEqual({ isMuted: false, mutes: [], exempt: ["ben"] });
    });

    test("they stay when everybody leaves, and when the conversation is deleted", async () => {
      const own = await open();
      const join = { userIds: ["ann"], most: 10, seesHistory: true };
      const { conversation } = await own.changeGroup({ groupId: "g", join });
      await own.muteGroups(["g"], 1);
      await own.muteInGroup("g", ["ann"], mute(1));
      await own.exemptFromMute("g", ["ann"], { at: 1, most: 10 });
      const rules = await own.readGroupRules("g", 2);
      expect(rules).toMatchObject({ isMuted: true, exempt: ["ann"] });
      await own.changeGroup({ groupId: "g", isDismissed: true });
      expect(await own.readGroupRules("g", 2)).toEqual(rules);
      await own.deleteConversation(conversation?.id ?? 0);
      await own.changeGroup({ groupId: "g", join });
      expect(await own.readGroupRules("g", 2)).toEqual(rules);
    });

    test("they go with their app", async () => {
      const { app, own } = await fixture.newApp();
      await own.changeGroup({ groupId: "g", name: "G" });
      await own.muteGroups(["g"], 1);
      await own.muteInGroup("g", ["ann"], mute(1));
      await own.exemptFromMute("g", ["ann"], { at: 1, most: 10 });
      await fixture.store.apps.delete(app.key);
      await expectRefusal(own.muteGroups(["h"], 1), "notFound");
      while ((await fixture.store.apps.purge(1000)) > 0);
      expect(await own.listMutedGroups({ offset: 0, limit: 10 })).toEqual([]);
      expect(await own.readGroupRules("g", 2)).toEqual({ isMuted: false, mutes: [], exempt: [] });
      expect(await own.findGroupNames(["g"])).toEqual([]);
    });
  });
};
