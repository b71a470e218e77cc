import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import type { GroupChange } from "../store-groups.ts";
import { expectRefusal, type Fixture, newConversation, readLog, send } from "./fixture.ts";

const joining = (userIds: string[], given: Partial<NonNullable<GroupChange["join"]>> = {}) => ({
  join: { userIds, most: 100, seesHistory: false, ...given },
});

const notice = { senderId: "ann", type: "note", content: "{}", isCounted: true, marksRead: false };

const membersOf = (own: AppStore, id: number | undefined) => own.listMembers(id ?? 0, null, 100);

/** Times of what the user sees of the group's history. */
const seen = async (own: AppStore, id: number, userId: string): Promise<number[]> =>
  (await own.listVisibleMessages(id, userId, null, 100)).map(({ sentAt }) => sentAt).reverse();

export const groupsContract = (fixture: Fixture): void => {
  describe("groups by the app's ids", () => {
    const begin = async (...userIds: string[]) => {
      const { own } = await fixture.newApp();
      const made = await own.changeGroup({ groupId: "g", name: "G", ...joining(userIds) });
      return { own, made, id: made.conversation?.id ?? 0 };
    };

    test("one comes into being with its first members, and takes more", async () => {
      const { own, made, id } = await begin("ann", "ben");
      expect(made.conversation).toMatchObject({ kind: "group", key: "g", admission: "members" });
      expect(made).toMatchObject({ left: [], before: { seq: 0, sentAt: 0 }, message: null });
      expect(made.joined.sort()).toEqual(["ann", "ben"]);
      const { sentAt } = await send(own, id);
      const more = await own.changeGroup({ groupId: "g", ...joining(["ben", "cid"]) });
      expect(more).toEqual({
        conversation: made.conversation,
        joined: ["cid"],
        left: [],
        before: { seq: 1, sentAt },
        message: null,
      });
      expect(await membersOf(own, id)).toEqual(["ann", "ben", "cid"]);
      expect(await own.findMembers(id, ["cid"])).toEqual([{ userId: "cid", joinedSeq: 1 }]);
    });

    test("ids are told apart by case, and by app", async () => {
      const { own, id } = await begin("ann");
      const { own: other } = await fixture.newApp();
      const upper = await own.changeGroup({ groupId: "G", ...joining(["ben"]) });
      const theirs = await other.changeGroup({ groupId: "g", ...joining(["eve"]) });
      expect(new Set([id, upper.conversation?.id, theirs.conversation?.id]).size).toBe(3);
      expect(await membersOf(own, id)).toEqual(["ann"]);
    });

    test("who comes later sees what is sent from then on, unless all of it is theirs", async () => {
      const { own, id } = await begin("ann");
      const first = await send(own, id);
      await own.changeGroup({ groupId: "g", ...joining(["ben"]) });
      await own.changeGroup({ groupId: "g", ...joining(["cid"], { seesHistory: true }) });
      const second = await send(own, id);
      const found = (userId: string | null) => own.findMessage(id, first.sentAt, userId);
      expect([await found("ben"), (await found("cid"))?.seq, (await found(null))?.seq]).toEqual([null, 1, 1]);
      expect((await own.findMessage(id, second.sentAt, "ben"))?.seq).toBe(2);
      expect(await seen(own, id, "ann")).toEqual([first.sentAt, second.sentAt]);
      expect(await seen(own, id, "ben")).toEqual([second.sentAt]);
      expect(await seen(own, id, "cid")).toEqual([first.sentAt, second.sentAt]);
      expect(await own.countUnread([id], "ben", 10)).toEqual([1]);
      const [state] = await own.listConversationStates("ben", [id], 10);
      expect(state).toMatchObject({ unread: 1, clearedUpTo: first.sentAt, isRemoved: false });
    });

    test("who comes again sees nothing of what was said meanwhile, and keeps what they set", async () => {
      const { own, id } = await begin("ann", "ben");
      await own.updateSettings(id, "ben", { isPinned: true, muteLevel: 5 });
      const first = await send(own, id);
      await own.deleteOwn(id, "ben", [first.sentAt], 10);
      await own.changeGroup({ groupId: "g", leave: ["ben"] });
      await send(own, id);
      await own.changeGroup({ groupId: "g", ...joining(["ben"]) });
      expect(await seen(own, id, "ben")).toEqual([]);
      // What somebody said stays theirs to take back.
      await own.changeGroup({ groupId: "g", leave: ["ann"] });
      await own.changeGroup({ groupId: "g", ...joining(["ann"]) });
      expect((await own.findMessage(id, first.sentAt, "ann"))?.seq).toBe(1);
      expect(await own.findMessage(id, first.sentAt, "ben")).toBeNull();
      const [state] = await own.listConversationStates("ben", [id], 10);
      expect(state?.settings).toMatchObject({ isPinned: true, muteLevel: 5 });
    });

    test("a message is stored with the change: those who come see it, those who go don't any more", async () => {
      const { own, id } = await begin("ann", "ben");
      await send(own, id);
      const joined = await own.changeGroup({ groupId: "g", ...joining(["cid"]), message: notice });
      expect(joined.message).toEqual({ seq: 2, sentAt: expect.any(Number), isRepeat: false });
      expect(await seen(own, id, "cid")).toEqual([joined.message?.sentAt ?? 0]);
      expect(await own.countUnread([id], "cid", 10)).toEqual([1]);
      const left = await own.changeGroup({ groupId: "g", leave: ["ben", "nobody"], message: notice });
      expect([left.left, left.message?.seq]).toEqual([["ben"], 3]);
      const after = await send(own, id);
      expect(after.seq).toBe(4);
      expect(await own.isMember(id, "ben")).toBe(false);
      const log = await readLog(own, id);
      expect(log.map(({ seq, senderId, type }) => [seq, senderId, type])).toEqual([
        [1, "ann", "text"],
        [2, "ann", "note"],
        [3, "ann", "note"],
        [4, "ann", "text"],
      ]);
      expect(await own.countUnread([id], "ann", 10)).toEqual([4]);
    });

    test("a message may mention people, be for some, and be read by its sender", async () => {
      const { own, id } = await begin("ann", "ben", "cid");
      const mentions = { userIds: ["ben"], isAll: false };
      const message = { ...notice, mentions, toUserIds: ["ben"], marksRead: true };
      const { message: said } = await own.changeGroup({ groupId: "g", message });
      expect(await own.countMentions([id], "ben", 10)).toEqual([1]);
      expect(await seen(own, id, "ben")).toEqual([said?.sentAt ?? 0]);
      expect(await seen(own, id, "cid")).toEqual([]);
      expect(await own.countUnread([id], "cid", 10)).toEqual([0]);
      expect(await own.findReadMarks([id], "ann")).toMatchObject([{ seq: 1, sentAt: said?.sentAt }]);
    });

    test("above the most members nothing happens at all", async () => {
      const { own, id } = await begin("ann", "ben");
      const full = {
        groupId: "g",
        name: "Other",
        ...joining(["cid", "dan"], { most: 3 }),
        leave: ["ann"],
        message: notice,
      };
      await expectRefusal(own.changeGroup(full), "groupFull");
      expect(await membersOf(own, id)).toEqual(["ann", "ben"]);
      expect(await readLog(own, id)).toEqual([]);
      expect(await own.findGroupNames(["g"])).toEqual([{ id: "g", name: "G" }]);
      // Who is there already takes no place.
      const same = await own.changeGroup({ groupId: "g", ...joining(["ann"], { most: 1 }) });
      expect(same.joined).toEqual([]);
      await expectRefusal(
        own.changeGroup({ groupId: "new", ...joining(["a", "b"], { most: 1 }) }),
        "groupFull",
      );
      expect(await own.findConversation("new", ["group"])).toBeNull();
    });

    test("of many that come at once no more get in than may", async () => {
      const { own, id } = await begin();
      const calls = Array.from({ length: 20 }, (_, index) =>
        own.changeGroup({ groupId: "g", ...joining([`u${index}`], { most: 7 }), message: notice }),
      );
      const outcomes = await Promise.allSettled(calls);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(7);
      expect(await membersOf(own, id)).toHaveLength(7);
      const log = await readLog(own, id);
      expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      const states = await own.listConversationStates((await membersOf(own, id))[0] as string, [id], 10);
      expect(states[0]?.memberCount).toBe(7);
    });

    test("a dismissed one has no members; who brings it back sees its history again", async () => {
      const { own, id } = await begin("ann", "ben");
      const first = await send(own, id);
      const gone = await own.changeGroup({ groupId: "g", isDismissed: true, message: notice });
      expect(gone.left.sort()).toEqual(["ann", "ben"]);
      expect(gone.message?.seq).toBe(2);
      expect(await membersOf(own, id)).toEqual([]);
      const { lost } = await own.syncConversations(
        "ben",
        { since: 0, until: null, afterId: 0 },
        { limit: 10, unreadCap: 10 },
      );
      expect(lost.map(({ key }) => key)).toEqual(["g"]);
      expect((await own.changeGroup({ groupId: "g", isDismissed: true })).left).toEqual([]);

      const back = await own.changeGroup({ groupId: "g", ...joining(["ann", "dan"]) });
      expect([back.conversation?.id, back.joined.sort()]).toEqual([id, ["ann", "dan"]]);
      const both = [first.sentAt, gone.message?.sentAt ?? 0];
      expect(await seen(own, id, "ann")).toEqual(both);
      expect(await seen(own, id, "dan")).toEqual(both);
      await own.changeGroup({ groupId: "g", ...joining(["eva"]) });
      expect(await seen(own, id, "eva")).toEqual([]);
    });

    test("one that everybody left is not dismissed", async () => {
      const { own, id } = await begin("ann");
      await send(own, id);
      await own.changeGroup({ groupId: "g", leave: ["ann"] });
      await own.changeGroup({ groupId: "g", ...joining(["ben"]) });
      expect(await seen(own, id, "ben")).toEqual([]);
    });

    test("without a conversation nobody leaves and nothing is said, but a name is kept", async () => {
      const { own } = await fixture.newApp();
      const nothing = {
        conversation: null,
        joined: [],
        left: [],
        before: { seq: 0, sentAt: 0 },
        message: null,
      };
      const change = { groupId: "none", leave: ["ann"], message: notice };
      expect(await own.changeGroup(change)).toEqual(nothing);
      expect(await own.changeGroup({ groupId: "none", isDismissed: true })).toEqual(nothing);
      expect(await own.findGroupNames(["none"])).toEqual([]);
      expect(await own.changeGroup({ groupId: "none", name: "N" })).toEqual(nothing);
      expect(await own.findGroupNames(["none", "none", "other"])).toEqual([{ id: "none", name: "N" }]);
      await own.changeGroup({ groupId: "none", ...joining(["ann"]) });
      expect(await own.listGroupsOf("ann", { offset: 0, limit: 10 })).toEqual([{ id: "none", name: "N" }]);
    });

    test("a deleted one is gone for good, and its id is free", async () => {
      const { own, id } = await begin("ann");
      await send(own, id);
      await own.deleteConversation(id);
      const heir = await own.changeGroup({ groupId: "g", ...joining(["ann"]) });
      expect(heir.conversation?.id).not.toBe(id);
      expect(await seen(own, heir.conversation?.id ?? 0, "ann")).toEqual([]);
    });

    test("lists a user's groups in pages, those too that nobody named", async () => {
      const { own } = await begin("ann");
      await newConversation(own, { kind: "direct", key: "d", memberIds: ["ann"] });
      await newConversation(own, { key: "unnamed", memberIds: ["ann"] });
      await own.changeGroup({ groupId: "h", name: "H", ...joining(["ann"]) });
      await own.changeGroup({ groupId: "h", name: "H2" });
      const list = (offset: number, limit: number) => own.listGroupsOf("ann", { offset, limit });
      const groups = [
        { id: "g", name: "G" },
        { id: "unnamed", name: null },
        { id: "h", name: "H2" },
      ];
      expect(await list(0, 10)).toEqual(groups);
      expect(await list(1, 1)).toEqual(groups.slice(1, 2));
      expect(await list(3, 10)).toEqual([]);
      expect(await own.listGroupsOf("nobody", { offset: 0, limit: 10 })).toEqual([]);
    });

    test("thousands may come at once, and go", async () => {
      const { own, id } = await begin("ann");
      await send(own, id);
      const userIds = Array.from({ length: 1300 }, (_, index) => `u${index}`);
      const { joined } = await own.changeGroup({ groupId: "g", ...joining(userIds, { most: 2000 }) });
      expect(joined).toHaveLength(1300);
      expect(await seen(own, id, "u1299")).toEqual([]);
      expect((await own.changeGroup({ groupId: "g", isDismissed: true })).left).toHaveLength(1301);
    });
  });
};
