import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import type { HostedMember, MemberPlace, NewHostedGroup } from "../store-hosted-groups.ts";
import { expectRefusal, type Fixture, unique } from "./fixture.ts";

const host = async (own: AppStore, userIds: string[], given: Partial<NewHostedGroup> = {}) => {
  const [ownerId = ""] = userIds;
  const { conversation } = await own.hostGroup({
    groupId: unique("hosted"),
    name: "Name",
    ownerId,
    fields: {},
    ownFields: {},
    permissions: {},
    join: { userIds, most: 100, seesHistory: true },
    isNew: true,
    ...given,
  });
  return conversation?.id as number;
};

const groupOf = async (own: AppStore, id: number) => (await own.findHostedGroups([id]))[0];

const rolesIn = async (own: AppStore, id: number) =>
  Object.fromEntries(
    (await own.findHostedMembers(id, ["ann", "ben", "cid", "dan"])).map(({ userId, role }) => [userId, role]),
  );

export const hostedGroupsContract = (fixture: Fixture): void => {
  describe("hosted groups", () => {
    test("are groups with facts", async () => {
      const { own } = await fixture.newApp();
      const groupId = unique("g");
      const facts = {
        fields: { introduction: "Hi" },
        ownFields: { ext_a: "1" },
        permissions: { joinPerm: 1 },
      };
      const id = await host(own, ["ann", "ben"], { groupId, ...facts });
      expect(await groupOf(own, id)).toMatchObject({
        conversation: { id, kind: "group", key: groupId },
        ...{ name: "Name", ownerId: "ann", creatorId: "ann", memberCount: 2, ...facts },
      });
      expect(await own.listMembers(id, null, 10)).toEqual(["ann", "ben"]);
      const change = {
        name: "Other",
        fields: { introduction: null, announcement: "!" },
        ownFields: { ext_b: "2" },
        permissions: { invitePerm: 1 },
      };
      const saved = await own.saveHostedGroup(id, change, 2);
      expect(saved).toMatchObject({ name: "Other", fields: { announcement: "!" } });
      expect(saved.ownFields).toEqual({ ext_a: "1", ext_b: "2" });
      expect(saved.permissions).toEqual({ joinPerm: 1, invitePerm: 1 });
      await expectRefusal(
        own.saveHostedGroup(id, { name: "No", ownFields: { ext_c: "3" } }, 2),
        "tooManyFields",
      );
      expect(await groupOf(own, id)).toEqual(saved);
    });

    test("come into being once, and only where there is nobody, or of a group that is there", async () => {
      const { own } = await fixture.newApp();
      const groupId = unique("g");
      const made = await Promise.allSettled([1, 2, 3, 4].map(() => host(own, ["ann"], { groupId })));
      expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      await expectRefusal(host(own, ["ben"], { groupId, isNew: false }), "groupExists");
      const plain = unique("plain");
      const join = { userIds: ["ann", "ben"], most: 9, seesHistory: true };
      await own.changeGroup({ groupId: plain, name: "Plain", join });
      await expectRefusal(host(own, ["ann"], { groupId: plain }), "groupExists");
      const id = await host(own, ["ben"], { groupId: plain, isNew: false, name: "Hosted" });
      expect(await groupOf(own, id)).toMatchObject({ name: "Hosted", ownerId: "ben", memberCount: 2 });
      await expectRefusal(host(own, ["ann"], { groupId: unique("x"), isNew: false }), "conversationNotFound");
      const full = { userIds: ["ann", "ben"], most: 1, seesHistory: true };
      const refused = unique("full");
      await expectRefusal(host(own, ["ann"], { groupId: refused, join: full }), "groupFull");
      expect(await own.findConversation(refused, ["group"])).toBeNull();
    });

    test("have one owner, who stays", async () => {
      const { own } = await fixture.newApp();
      const id = await host(own, ["ann", "ben", "cid"]);
      await expectRefusal(own.removeHostedMembers(id, ["ben", "ann"]), "ownerStays");
      expect(await own.removeHostedMembers(id, ["cid", "nobody"])).toEqual(["cid"]);
      await expectRefusal(own.setGroupOwner(id, "cid", false), "notMember");
      await own.addGroupAdmins(id, ["ben"], 10);
      expect(await own.setGroupOwner(id, "ben", false)).toEqual({ previousId: "ann", hasLeft: false });
      expect(await rolesIn(own, id)).toEqual({ ann: 1, ben: 3 });
      expect(await own.setGroupOwner(id, "ann", true)).toEqual({ previousId: "ben", hasLeft: true });
      expect(await rolesIn(own, id)).toEqual({ ann: 3 });
      expect(await own.setGroupOwner(id, "ann", true)).toEqual({ previousId: "ann", hasLeft: false });
    });

    test("have admins among their members, so many and no more", async () => {
      const { own } = await fixture.newApp();
      const id = await host(own, ["ann", "ben", "cid", "dan"]);
      expect(await own.addGroupAdmins(id, ["ben", "eve"], 2)).toEqual({
        added: ["ben"],
        notMembers: ["eve"],
      });
      expect(await own.addGroupAdmins(id, ["ben"], 1)).toEqual({ added: [], notMembers: [] });
      const error = await expectRefusal(own.addGroupAdmins(id, ["cid", "dan"], 2), "tooManyAdmins");
      expect(error.details).toEqual({ count: 1 });
      await expectRefusal(own.addGroupAdmins(id, ["ann"], 9), "ownerStays");
      expect(await rolesIn(own, id)).toEqual({ ann: 3, ben: 2, cid: 1, dan: 1 });
      expect(await own.removeGroupAdmins(id, ["ben", "cid"])).toEqual(["ben"]);
      expect(await rolesIn(own, id)).toMatchObject({ ben: 1 });
    });

    test("forget what was kept of a member who left, whichever way", async () => {
      const { own } = await fixture.newApp();
      const id = await host(own, ["ann", "ben"]);
      const again = async () => {
        await own.addGroupAdmins(id, ["ben"], 10);
        await own.saveHostedMember(id, "ben", { nickname: "B", extra: "x", remarkName: "ours" });
        expect(await own.findHostedMembers(id, ["ben"])).toMatchObject([
          { role: 2, nickname: "B", extra: "x" },
        ]);
        expect(await own.findHostedRemark(id, "ben")).toBe("ours");
      };
      await again();
      await own.removeMembers(id, ["ben"]);
      expect(await own.findHostedMembers(id, ["ben"])).toEqual([]);
      await own.addMembers(id, ["ben"]);
      expect(await own.findHostedMembers(id, ["ben"])).toMatchObject([{ role: 1, nickname: "", extra: "" }]);
      await again();
      await own.saveHostedMember(id, "ben", { nickname: "" });
      expect(await own.findHostedMembers(id, ["ben"])).toMatchObject([{ role: 2, nickname: "", extra: "x" }]);
      await expectRefusal(own.saveHostedMember(id, "eve", { nickname: "E" }), "notMember");
    });

    test("show their members in pages by the time of joining, or those of one role", async () => {
      const { own } = await fixture.newApp();
      const id = await host(own, ["ann"]);
      await own.addMembers(id, ["eve", "ben", "dan"]);
      await own.addMembers(id, ["cid"]);
      await own.addGroupAdmins(id, ["dan", "cid"], 10);
      const pages = async (role: 1 | 2 | 3 | null, isNewestFirst: boolean) => {
        const seen: string[] = [];
        for (let after: MemberPlace | null = null; ; ) {
          const page: HostedMember[] = await own.listHostedMembers(id, role, {
            after,
            isNewestFirst,
            limit: 2,
          });
          seen.push(...page.map(({ userId }) => userId));
          after = page.at(-1) ?? null;
          if (after === null) return seen;
        }
      };
      expect(await pages(null, false)).toEqual(["ann", "ben", "dan", "eve", "cid"]);
      expect(await pages(null, true)).toEqual(["cid", "eve", "dan", "ben", "ann"]);
      expect(await pages(2, false)).toEqual(["dan", "cid"]);
      expect([await own.countHostedMembers(id, null), await own.countHostedMembers(id, 1)]).toEqual([5, 2]);
      expect(await own.countHostedMembers(id, 3)).toBe(1);
    });

    test("are listed of an app, and of a user with their role and their name for it", async () => {
      const { own } = await fixture.newApp();
      const ids = [
        await host(own, ["ann", "ben"]),
        await host(own, ["ben", "ann"]),
        await host(own, ["cid"]),
      ];
      await own.createConversation({ kind: "group", key: "plain", admission: "members", memberIds: ["ann"] });
      await own.saveHostedMember(ids[1] as number, "ann", { remarkName: "Second" });
      const all = await own.listHostedGroups({ after: null, isNewestFirst: false, limit: 2 });
      expect(all.map(({ conversation }) => conversation.id)).toEqual(ids.slice(0, 2));
      const after = all[1]?.createdAt as number;
      const rest = await own.listHostedGroups({ after, isNewestFirst: false, limit: 2 });
      expect(rest.map(({ conversation }) => conversation.id)).toEqual(ids.slice(2));
      const newest = await own.listHostedGroups({ after, isNewestFirst: true, limit: 2 });
      expect(newest.map(({ conversation }) => conversation.id)).toEqual(ids.slice(0, 1));
      const joined = await own.listJoinedGroups("ann", null, { after: null, isNewestFirst: true, limit: 5 });
      expect(joined).toMatchObject([
        { conversation: { id: ids[1] }, role: 1, remarkName: "Second", ownerId: "ben", memberCount: 2 },
        { conversation: { id: ids[0] }, role: 3, remarkName: "", ownerId: "ann" },
      ]);
      const [first] = joined;
      const place = { joinedAt: first?.joinedAt as number, conversationId: ids[1] as number };
      const page = await own.listJoinedGroups("ann", null, { after: place, isNewestFirst: true, limit: 5 });
      expect(page.map(({ conversation }) => conversation.id)).toEqual(ids.slice(0, 1));
      expect(
        await own.listJoinedGroups("ann", 3, { after: null, isNewestFirst: true, limit: 5 }),
      ).toHaveLength(1);
      expect([await own.countJoinedGroups("ann", null), await own.countJoinedGroups("ann", 2)]).toEqual([
        2, 0,
      ]);
    });

    test("let members follow members, so many and no more", async () => {
      const { own } = await fixture.newApp();
      const id = await host(own, ["ann", "ben", "cid", "dan"]);
      expect(await own.followMembers(id, "ann", ["ben", "cid"], 2)).toEqual(["ben", "cid"]);
      expect(await own.followMembers(id, "ann", ["ben"], 2)).toEqual([]);
      await expectRefusal(own.followMembers(id, "ann", ["dan"], 2), "tooManyFollowed");
      await expectRefusal(own.followMembers(id, "ann", ["eve"], 9), "notMember");
      await expectRefusal(own.followMembers(id, "eve", ["ann"], 9), "notMember");
      await own.followMembers(id, "ben", ["cid"], 9);
      expect((await own.listFollowed(id, "ann")).map(({ userId }) => userId)).toEqual(["ben", "cid"]);
      expect((await own.findFollowers(id, "cid", ["ann", "ben", "dan"])).sort()).toEqual(["ann", "ben"]);
      expect(await own.unfollowMembers(id, "ann", ["cid", "dan"])).toEqual(["cid"]);
      expect(await own.findFollowers(id, "cid", ["ann", "ben"])).toEqual(["ben"]);
      await own.forgetFollows(id, ["ben"]);
      expect([await own.listFollowed(id, "ann"), await own.listFollowed(id, "ben")]).toEqual([[], []]);
    });

    test("are none any more when they are dismissed, and may be made again", async () => {
      const { own } = await fixture.newApp();
      const groupId = unique("g");
      const id = await host(own, ["ann", "ben"], { groupId, fields: { introduction: "Hi" } });
      await own.followMembers(id, "ann", ["ben"], 9);
      await own.changeGroup({ groupId, isDismissed: true });
      expect(await groupOf(own, id)).toBeUndefined();
      await expectRefusal(own.addGroupAdmins(id, ["ben"], 9), "groupNotHosted");
      expect(await host(own, ["ben", "ann"], { groupId })).toBe(id);
      expect(await groupOf(own, id)).toMatchObject({ ownerId: "ben", fields: {} });
      expect(await own.listFollowed(id, "ann")).toEqual([]);
      await own.deleteConversation(id);
      expect(await groupOf(own, id)).toBeUndefined();
      await expectRefusal(own.saveHostedGroup(id, { name: "x" }, 1), "conversationNotFound");
    });

    test("plain groups have no facts", async () => {
      const { own, group } = await fixture.newGroup();
      await expectRefusal(own.saveHostedGroup(group.id, { name: "x" }, 1), "groupNotHosted");
      await expectRefusal(own.removeHostedMembers(group.id, ["ben"]), "groupNotHosted");
      await expectRefusal(own.followMembers(group.id, "ann", ["ben"], 1), "groupNotHosted");
      expect(await own.findHostedMembers(group.id, ["ann"])).toEqual([]);
    });
  });
};
