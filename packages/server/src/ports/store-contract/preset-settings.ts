import { describe, expect, test } from "bun:test";
import { expectRefusal, type Fixture, newConversation } from "./fixture.ts";

export const presetSettingsContract = (fixture: Fixture): void => {
  describe("what a back end sets of somebody's conversations", () => {
    test("holds for members, and for others once they are", async () => {
      const { own, group } = await fixture.newGroup();
      expect(await own.findOwnSettings(group.id, "cid")).toBeNull();
      await own.presetSettings(group.id, "cid", { muteLevel: 5 });
      expect(await own.findOwnSettings(group.id, "cid")).toEqual({
        ...{ isPinned: false, pinnedAt: null, muteLevel: 5, tags: [] },
      });
      await own.presetSettings(group.id, "cid", { isPinned: true });
      const pinned = await own.findOwnSettings(group.id, "cid");
      expect(pinned).toMatchObject({ isPinned: true, muteLevel: 5 });
      expect(Math.abs((pinned?.pinnedAt ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(await own.listConversationStates("cid", [group.id], 10)).toEqual([]);
      await own.addMembers(group.id, ["cid"]);
      const [state] = await own.listConversationStates("cid", [group.id], 10);
      expect(state?.settings).toMatchObject({ isPinned: true, muteLevel: 5 });
      await own.updateSettings(group.id, "cid", { isPinned: false });
      expect((await own.findOwnSettings(group.id, "cid"))?.pinnedAt).toBeGreaterThanOrEqual(
        pinned?.pinnedAt ?? 0,
      );
      await own.deleteConversation(group.id);
      await expectRefusal(own.presetSettings(group.id, "cid", {}), "conversationNotFound");
    });

    test("a tag is put on many at once, the oldest give way, and the newest come first", async () => {
      const { own } = await fixture.newApp();
      const rooms = [];
      for (const name of ["a", "b", "c", "d"]) rooms.push(await newConversation(own, { key: name }));
      const [a, b, c, d] = rooms.map(({ id }) => id) as [number, number, number, number];
      await expectRefusal(own.tagConversations("ann", "t", [a], 3), "notFound");
      await own.saveTag("ann", { id: "t", name: "Tea" }, 20);
      const before = (await own.listConversationStates("ann", [a], 10))[0]?.changedAt ?? 0;
      expect(await own.tagConversations("ann", "t", [a, b, a], 3)).toEqual([a, b]);
      const [state] = await own.listConversationStates("ann", [a], 10);
      expect(state?.settings.tags).toEqual(["t"]);
      expect(state?.changedAt).toBeGreaterThan(before);
      expect(await own.tagConversations("ann", "t", [c, d], 3)).toEqual([c, d, a]);
      expect((await own.listTagged("ann", "t", 10)).map(({ key }) => key)).toEqual(["d", "c", "b"]);
      expect((await own.listTagged("ann", "t", 1)).map(({ key }) => key)).toEqual(["d"]);
      expect((await own.findOwnSettings(d, "ann"))?.tags).toEqual(["t"]);
      expect(await own.untagConversations("ann", "t", [d, a])).toEqual([d]);
      await own.deleteConversation(c);
      expect(await own.listTagged("ann", "t", 10)).toEqual([{ kind: "group", key: "b" }]);
      await expectRefusal(own.tagConversations("ann", "t", [c], 3), "conversationNotFound");
      await own.removeTag("ann", "t");
      expect(await own.listTagged("ann", "t", 10)).toEqual([]);
    });
  });
};
