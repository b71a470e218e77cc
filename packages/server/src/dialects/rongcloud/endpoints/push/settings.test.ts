import { describe, expect, test } from "bun:test";
import type { EventData } from "@parlance/protocol";
import { direct } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";

const world = useRongcloudWorld();

type Told = EventData<"conversation">;
const settingsOf = (told: Told) => ("settings" in told ? told.settings : null);
type Settings = NonNullable<ReturnType<typeof settingsOf>>;
/** The conversation stands so for the user, whatever was told of it before. */
const isSo = (id: string, matches: (settings: Settings) => boolean) => (told: Told) => {
  const settings = settingsOf(told);
  return told.conversation.id === id && settings !== null && matches(settings);
};

describe("do not disturb", () => {
  test("of a conversation is seen by the user's clients at once, and by nobody else", async () => {
    const group = await world.native.group("ann", "ben");
    const [ann, ben] = await world.clients("ann", "ben");
    const place = { conversationType: 3, requestId: "ann", targetId: group.id };
    await world.ok("/conversation/notification/set.json", { ...place, unpushLevel: 2, isMuted: 1 });
    const told = await ann.next("conversation", (data) => settingsOf(data)?.mute === 2);
    expect(told.conversation).toEqual(group);
    expect(await world.ok("/conversation/notification/get.json", place)).toEqual({ code: 200, isMuted: 2 });
    await world.ok("/conversation/notification/set.json", { ...place, isMuted: 1 });
    expect((await world.ok("/conversation/notification/get.json", place)).isMuted).toBe(5);
    await world.ok("/conversation/notification/set.json", { ...place, isMuted: 0 });
    expect((await world.ok("/conversation/notification/get.json", place)).isMuted).toBe(0);
    await ann.request("conversation.update", { conversation: group, mute: 4 });
    expect((await world.ok("/conversation/notification/get.json", place)).isMuted).toBe(4);
    await ben.request("ping", {});
    expect(ben.unread.filter(({ event }) => event === "conversation")).toEqual([]);
  });

  test("waits for a conversation, and for a group that the user is not in yet", async () => {
    const dan = await world.client("dan");
    const set = (conversationType: number, targetId: string) =>
      world.ok("/conversation/notification/set.json", {
        ...{ conversationType, requestId: "dan", targetId, unpushLevel: 5 },
      });
    await set(1, "eve");
    await dan.next(
      "conversation",
      isSo("eve", ({ mute }) => mute === 5),
    );
    await set(6, "news");
    await dan.next(
      "conversation",
      isSo("news", ({ mute }) => mute === 5),
    );
    // The other one's list has nothing of it until something is said.
    const eve = await world.client("eve");
    expect((await eve.request("conversation.list", {})).conversations).toEqual([]);
    await eve.request("message.send", {
      conversation: direct("dan"),
      clientId: "c1",
      type: "text",
      content: { text: "hi" },
    });
    expect((await eve.request("conversation.list", {})).conversations).toHaveLength(1);
    await set(3, "later");
    const level = await world.ok("/conversation/notification/get.json", {
      ...{ conversationType: 3, requestId: "dan", targetId: "later" },
    });
    expect(level.isMuted).toBe(5);
  });

  test("of a type of conversations", async () => {
    const place = { conversationType: "3", requestId: "fay" };
    const get = () => world.ok("/conversation/type/notification/get.json", place);
    expect((await get()).isMuted).toBe(0);
    await world.ok("/conversation/type/notification/set.json", { ...place, unpushLevel: -1 });
    expect((await get()).isMuted).toBe(-1);
    await world.ok("/conversation/type/notification/set.json", { ...place, unpushLevel: 0 });
    expect((await get()).isMuted).toBe(0);
  });

  test("is refused for levels and types that there are not", async () => {
    const good = { conversationType: 1, requestId: "ann", targetId: "ben", unpushLevel: 5 };
    for (const [wrong, name] of [
      [{ unpushLevel: 3 }, "unpushLevel"],
      [{ conversationType: 4 }, "conversationType"],
      [{ unpushLevel: undefined }, "unpushLevel"],
      [{ requestId: "" }, "requestId"],
      [{ isMuted: 2 }, "isMuted"],
    ] as const) {
      const { status, body } = await world.call("/conversation/notification/set.json", { ...good, ...wrong });
      expect([status, body.code]).toEqual([400, 1002]);
      expect(body.errorMessage).toContain(name);
    }
    const ultra = await world.call("/conversation/notification/set.json", { ...good, conversationType: 10 });
    expect([ultra.status, ultra.body.code]).toEqual([430, 1009]);
    const long = await world.call("/conversation/notification/set.json", {
      ...good,
      targetId: "x".repeat(65),
    });
    expect([long.status, long.body.code]).toEqual([400, 1005]);
  });

  test("at hours of the day is set, told, replaced and taken back", async () => {
    const get = async () => (await world.ok("/user/blockPushPeriod/get.json", { userId: "ann" })).data;
    const set = (startTime: string, period: number, level?: number) =>
      world.call("/user/blockPushPeriod/set.json", { userId: "ann", startTime, period, level });
    expect(await get()).toEqual({});
    expect((await set("23:59:59", 120)).body).toEqual({ code: 200 });
    expect(await get()).toEqual({ startTime: "23:59:59", period: 120, unPushLevel: 1 });
    await set("8:00:05", 1439, 5);
    expect(await get()).toEqual({ startTime: "08:00:05", period: 1439, unPushLevel: 5 });
    await set("08:00:05", 0);
    expect(await get()).toEqual({});
    await set("08:00:05", 1);
    await world.ok("/user/blockPushPeriod/delete.json", { userId: "ann" });
    expect(await get()).toEqual({});
    for (const wrong of [set("24:00:00", 1), set("soon", 1), set("08:00:00", 1440), set("08:00:00", 1, 2)])
      expect((await wrong).body.code).toBe(1002);
  });
});

describe("a user's view of conversations", () => {
  test("is pinned by a call, told to the user's clients, and shows with its attributes", async () => {
    const gil = await world.client("gil");
    const place = { userId: "gil", conversationType: 1, targetId: "hal" };
    const attributes = async () => (await world.get("/conversation/attribute/get.json", place)).body.data;
    expect(await attributes()).toEqual({ targetId: "hal", conversationType: 1, tags: [] });
    const before = Date.now();
    await world.ok("/conversation/top/set.json", { ...place, setTop: "true" });
    await gil.next(
      "conversation",
      isSo("hal", ({ isPinned }) => isPinned),
    );
    const { top, ...rest } = await attributes();
    expect([top.top, top.topTime >= before, rest]).toEqual([
      true,
      true,
      { targetId: "hal", conversationType: 1, tags: [] },
    ]);
    await world.ok("/conversation/top/set.json", { ...place, setTop: false });
    await gil.next(
      "conversation",
      isSo("hal", ({ isPinned }) => !isPinned),
    );
    expect((await attributes()).top.top).toBe(false);
    await gil.request("conversation.update", { conversation: direct("hal"), isPinned: true, mute: 1 });
    expect(await attributes()).toMatchObject({ top: { top: true }, mute: { mute: 1 } });
    expect((await world.call("/conversation/attribute/get.json", place)).status).toBe(405);
  });

  test("has tags that its client sees and may use, and the other way round", async () => {
    const ida = await world.client("ida");
    const tags = [
      { tagId: "t1", tagName: "Work" },
      { tagId: "t2", tagName: "Tea 🍵" },
    ];
    expect((await world.callJson("/user/conversation/tag/set.json", { userId: "ida", tags })).body.code).toBe(
      200,
    );
    await ida.next("reload");
    expect((await ida.request("tag.list", {})).tags.map(({ name }) => name)).toEqual(["Work", "Tea 🍵"]);
    const conversations = [
      { targetId: "jon", conversationType: 1 },
      { targetId: "team", conversationType: "3" },
    ];
    const tagged = { userId: "ida", tagId: "t1", conversations };
    expect((await world.callJson("/tag/conversation/set.json", tagged)).body).toEqual({ code: 200 });
    await ida.next(
      "conversation",
      isSo("jon", ({ tags: on }) => on.join() === "Work"),
    );
    const list = async () =>
      (await world.get("/tag/conversation/get.json", { userId: "ida", tagId: "t1" })).body.data;
    expect(await list()).toEqual({
      userId: "ida",
      tagId: "t1",
      conversations: [
        { targetId: "team", conversationType: 3 },
        { targetId: "jon", conversationType: 1 },
      ],
    });
    await ida.request("conversation.update", {
      conversation: direct("jon"),
      tags: { remove: ["Work"], add: ["Tea 🍵"] },
    });
    expect((await list()).conversations).toEqual([{ targetId: "team", conversationType: 3 }]);
    const { data } = (await world.get("/user/conversation/tag/get.json", { userId: "ida" })).body;
    expect(data.tags).toMatchObject(tags);
    expect(Math.abs(data.tags[0].createTime - Date.now())).toBeLessThan(600_000);
    const form = { ...tagged, conversations: JSON.stringify(conversations) };
    expect((await world.call("/tag/conversation/del.json", form)).body).toEqual({ code: 200 });
    expect((await list()).conversations).toEqual([]);
    const removal = { userId: "ida", tagIds: ["t1", "unknown"] };
    expect((await world.callJson("/user/conversation/tag/del.json", removal)).body).toEqual({ code: 200 });
    expect((await world.callJson("/tag/conversation/set.json", tagged)).body.code).toBe(1002);
    expect((await ida.request("tag.list", {})).tags.map(({ name }) => name)).toEqual(["Tea 🍵"]);
  });

  test("has no more than twenty tags, and no over-long ones", async () => {
    const set = async (tags: object[]) =>
      (await world.callJson("/user/conversation/tag/set.json", { userId: "kim", tags })).body.code;
    const some = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ tagId: `t${from + index}`, tagName: "Tag" }));
    expect(await set(some(0, 19))).toBe(200);
    expect(await set(some(18, 3))).toBe(1002);
    expect(
      (await world.get("/user/conversation/tag/get.json", { userId: "kim" })).body.data.tags,
    ).toHaveLength(19);
    expect(await set([{ tagId: "t", tagName: "x".repeat(16) }])).not.toBe(200);
    expect(await set([{ tagName: "No id" }])).toBe(1002);
  });
});

describe("other settings for notifications", () => {
  test("tags of users replace those before", async () => {
    const get = async () => (await world.ok("/user/tags/get.json", { userIds: ["u1", "u2"] })).result;
    expect(await get()).toEqual({ u1: [], u2: [] });
    await world.callJson("/user/tag/batch/set.json", { userIds: ["u1", "u2"], tags: ["bj", "männlich"] });
    await world.callJson("/user/tag/set.json", { userId: "u2", tags: [] });
    expect(await get()).toEqual({ u1: ["bj", "männlich"], u2: [] });
    const set = async (tags: string[]) =>
      (await world.callJson("/user/tag/set.json", { userId: "u1", tags })).body.code;
    expect(await set(Array.from({ length: 21 }, (_, index) => `t${index}`))).toBe(1002);
    expect(await set(["x".repeat(41)])).toBe(1005);
    expect(await set(["a,b"])).toBe(1002);
    expect(await get()).toEqual({ u1: ["bj", "männlich"], u2: [] });
    expect((await world.bank.ok("/user/tags/get.json", { userIds: ["u1"] })).result).toEqual({ u1: [] });
  });

  test("remarks on users and on members of groups", async () => {
    const remarks = [
      { id: "u2", remark: "Bob" },
      { id: "u3", remark: "阿凯" },
    ];
    await world.ok("/user/remarks/set.json", { userId: "u1", remarks: JSON.stringify(remarks) });
    expect(await world.ok("/user/remarks/get.json", { userId: "u1", page: 1, size: 1 })).toEqual({
      ...{ code: 200, total: 2, users: [remarks[0]] },
    });
    expect((await world.ok("/user/remarks/get.json", { userId: "u1", page: 2, size: 1 })).users).toEqual([
      remarks[1],
    ]);
    await world.ok("/user/remarks/del.json", { userId: "u1", targetId: "u2" });
    expect(await world.ok("/user/remarks/get.json", { userId: "u1" })).toMatchObject({
      ...{ total: 1, users: [remarks[1]] },
    });
    expect((await world.bank.ok("/user/remarks/get.json", { userId: "u1" })).total).toBe(0);
    for (const wrong of ["no json", '[{"id":"u2"}]', "[]"])
      expect((await world.call("/user/remarks/set.json", { userId: "u1", remarks: wrong })).body.code).toBe(
        1002,
      );

    const member = { userId: "u1", groupId: "g1" };
    await world.ok("/group/remarks/set.json", { ...member, remark: "Captain" });
    expect((await world.ok("/group/remarks/get.json", member)).remark).toBe("Captain");
    expect((await world.bank.ok("/group/remarks/get.json", member)).remark).toBe("");
    await world.ok("/group/remarks/del.json", member);
    expect((await world.ok("/group/remarks/get.json", member)).remark).toBe("");
  });
});
