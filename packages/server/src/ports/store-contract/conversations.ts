import { describe, expect, test } from "bun:test";
import { conversationsOf, expectRefusal, type Fixture, newConversation, send, setActive } from "./fixture.ts";

export const conversationsContract = (fixture: Fixture): void => {
  describe("conversations", () => {
    test("creates and finds one", async () => {
      const { own } = await fixture.newApp();
      const before = Date.now();
      const made = await newConversation(own, { kind: "chatroom", key: "lobby", admission: "open" });
      expect(made).toMatchObject({ kind: "chatroom", key: "lobby", admission: "open" });
      expect(made.id).toBeWithin(1, Number.MAX_SAFE_INTEGER);
      expect(made.createdAt).toBeWithin(before, Date.now() + 1);
      expect(await own.findConversation("lobby", ["group", "chatroom"])).toEqual(made);
      expect(await own.findConversation("lobby", ["group"])).toBeNull();
      expect(await own.findConversation("lobby", [])).toBeNull();
      expect(await own.findConversation("Lobby", ["chatroom"])).toBeNull();
    });

    test("a key is unique within its kind, and kinds are looked at in the order asked", async () => {
      const { own } = await fixture.newApp();
      const group = await newConversation(own, { key: "x" });
      const direct = await newConversation(own, { key: "x", kind: "direct" });
      const refusal = await expectRefusal(
        newConversation(own, { key: "x", memberIds: ["eve"] }),
        "invalidInput",
      );
      expect(Object.keys(refusal.details)).toEqual(["key"]);
      expect(await conversationsOf(own, "eve")).toEqual([]);
      expect(await own.findConversation("x", ["group", "direct"])).toEqual(group);
      expect(await own.findConversation("x", ["direct", "group"])).toEqual(direct);
    });

    test("of many that race for one key, one wins", async () => {
      const { own } = await fixture.newApp();
      const races = await Promise.allSettled(
        Array.from({ length: 20 }, () => newConversation(own, { key: "x" })),
      );
      expect(races.filter((race) => race.status === "fulfilled")).toHaveLength(1);
    });

    test("ids are unique, also of those made together and in other apps", async () => {
      const { own } = await fixture.newApp();
      const { own: other } = await fixture.newApp();
      const all = await Promise.all(
        Array.from({ length: 200 }, (_, number) => newConversation(number % 2 ? own : other)),
      );
      expect(new Set(all.map((conversation) => conversation.id)).size).toBe(200);
    });

    test("members come and go; only changes are returned", async () => {
      const { own, group } = await fixture.newGroup();
      expect(await own.listMembers(group.id, null, 10)).toEqual(["ann", "ben"]);
      expect((await own.addMembers(group.id, ["cid", "ann", "dan", "cid"])).sort()).toEqual(["cid", "dan"]);
      expect(await own.addMembers(group.id, [])).toEqual([]);
      expect((await own.removeMembers(group.id, ["ann", "nobody", "cid"])).sort()).toEqual(["ann", "cid"]);
      expect(await own.listMembers(group.id, null, 10)).toEqual(["ben", "dan"]);
      expect([await own.isMember(group.id, "ben"), await own.isMember(group.id, "ann")]).toEqual([
        true,
        false,
      ]);
      await send(own, group.id);
      await own.addMembers(group.id, ["eva", "ben"]);
      const found = await own.findMembers(group.id, ["dan", "ann", "nobody", "ben", "eva", "dan"]);
      expect(found.sort((one, other) => (one.userId < other.userId ? -1 : 1))).toEqual([
        { userId: "ben", joinedSeq: 0 },
        { userId: "dan", joinedSeq: 0 },
        { userId: "eva", joinedSeq: 1 },
      ]);
      expect(await own.findMembers(group.id, [])).toEqual([]);
    });

    test("lists members in pages", async () => {
      const { own } = await fixture.newApp();
      const memberIds = Array.from({ length: 1205 }, (_, number) => `u${String(number).padStart(4, "0")}`);
      const group = await newConversation(own, { memberIds: [...memberIds].reverse() });
      const pages: string[][] = [];
      for (;;) {
        const page = await own.listMembers(group.id, pages.at(-1)?.at(-1) ?? null, 500);
        if (page.length === 0) break;
        pages.push(page);
      }
      expect(pages.map((page) => page.length)).toEqual([500, 500, 205]);
      expect(pages.flat()).toEqual(memberIds);
      expect(await own.listMembers(group.id, null, 0)).toEqual([]);
      expect(await own.listMembers(group.id, null, -1)).toEqual([]);
    });

    test("lists a user's conversations", async () => {
      const { own, group } = await fixture.newGroup();
      const second = await newConversation(own, { memberIds: ["ben"] });
      expect((await conversationsOf(own, "ben")).sort()).toEqual([group.id, second.id].sort());
      await own.removeMembers(group.id, ["ben"]);
      expect(await conversationsOf(own, "ben")).toEqual([second.id]);
      expect(await conversationsOf(own, "nobody")).toEqual([]);
    });

    test("lists a user's direct conversations and groups, those first that were written in last", async () => {
      const { own, group } = await fixture.newGroup();
      const quiet = await newConversation(own, { memberIds: ["ben"] });
      const direct = await newConversation(own, { kind: "direct", memberIds: ["ben", "cid"] });
      await newConversation(own, { kind: "chatroom", memberIds: ["ben"] });
      await send(own, direct.id);
      await send(own, group.id);
      const talks = async (userId: string, limit: number) => {
        const found = await own.listLatestTalks(["cid", userId, userId], limit);
        return found.flatMap((talk) => (talk.userId === userId ? [talk.conversationId] : []));
      };
      expect(await talks("ben", 10)).toEqual([group.id, direct.id, quiet.id]);
      await send(own, direct.id);
      expect(await talks("ben", 2)).toEqual([direct.id, group.id]);
      await own.removeMembers(group.id, ["ben"]);
      expect(await talks("ben", 10)).toEqual([direct.id, quiet.id]);
      await own.deleteConversation(direct.id);
      expect(await talks("ben", 10)).toEqual([quiet.id]);
      expect(await talks("nobody", 10)).toEqual([]);
    });

    test("a deleted conversation is found by nothing, and its key is free at once", async () => {
      const { own, group } = await fixture.newGroup();
      const { sentAt } = await send(own, group.id);
      await own.moveReadMark(group.id, "ben", sentAt);
      expect(await own.deleteConversation(group.id)).toBe(true);
      expect(await own.deleteConversation(group.id)).toBe(false);

      expect(await own.findConversation(group.key, ["group"])).toBeNull();
      expect(await own.listMembers(group.id, null, 10)).toEqual([]);
      expect(await conversationsOf(own, "ann")).toEqual([]);
      expect(await own.isMember(group.id, "ann")).toBe(false);
      expect(await own.findMembers(group.id, ["ann", "ben"])).toEqual([]);
      expect(await own.listMessages(group.id, null, 10)).toEqual([]);
      expect(await own.listLastMessages([group.id])).toEqual([]);
      expect(await own.findMessages(sentAt)).toEqual([]);
      expect(await own.findMessage(group.id, sentAt)).toBeNull();
      await expectRefusal(setActive(own, group.id, sentAt, false), "conversationNotFound");
      expect(await own.moveReadMark(group.id, "ann", sentAt)).toBeNull();
      expect(await own.listReadMarks(group.id, 10)).toEqual([]);
      expect(await own.findReadMarks([group.id], "ben")).toEqual([]);
      expect(await own.countUnread([group.id], "ann", 10)).toEqual([0]);
      await expectRefusal(send(own, group.id), "conversationNotFound");
      await expectRefusal(own.addMembers(group.id, ["cid"]), "conversationNotFound");
      await expectRefusal(own.removeMembers(group.id, ["ann"]), "conversationNotFound");
      const report = { conversationId: group.id, sentAt, reporterId: "ben", reportType: null, comment: null };
      await expectRefusal(own.createReport(report), "conversationNotFound");

      const heir = await newConversation(own, { key: group.key, memberIds: [] });
      expect(heir.id).not.toBe(group.id);
      expect((await send(own, heir.id)).seq).toBe(1);
    });

    test("refuses a conversation that never was", async () => {
      const { own } = await fixture.newApp();
      await expectRefusal(send(own, 12_345), "conversationNotFound");
      await expectRefusal(own.addMembers(12_345, ["ann"]), "conversationNotFound");
      await expectRefusal(own.removeMembers(12_345, ["ann"]), "conversationNotFound");
      expect(await own.deleteConversation(12_345)).toBe(false);
    });
  });
};
