import { describe, expect, test } from "bun:test";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";

const world = useRongcloudWorld();

const group = (path: string, params: Record<string, unknown>) =>
  world.ok(`/entrust/group/${path}.json`, params);
const answer = async (path: string, params: Record<string, unknown>) =>
  (await world.call(`/entrust/group/${path}.json`, params)).body;

const create = (groupId: string, owner: string, userIds: string) =>
  group("create", { groupId, name: "Name", owner, userIds });

const idsOf = (list: { userId?: string; groupId?: string }[]) =>
  list.map(({ userId, groupId }) => userId ?? groupId);

describe("roles in hosted groups", () => {
  test("change hands, and members are told", async () => {
    await create("crew", "ann", "ben,cid");
    const [ben] = await world.clients("ben");
    expect(await answer("transfer/owner", { groupId: "crew", newOwner: "eve" })).toMatchObject({
      code: 25418,
    });
    await group("transfer/owner", { groupId: "crew", newOwner: "ben" });
    const told = await ben.next("notice", ({ operation }) => operation === "transfer");
    expect(told).toMatchObject({ userIds: ["ben"], data: { from: "ann" } });
    await group("transfer/owner", { groupId: "crew", newOwner: "cid", isQuit: 1 });
    expect((await ben.next("notice", ({ operation }) => operation === "quit")).userIds).toEqual(["ben"]);
    const { members, totalCount } = await group("member/query", { groupId: "crew", order: 0 });
    expect([totalCount, members.map(({ role }: { role: number }) => role)]).toEqual([2, [1, 3]]);
  });

  test("of admins are for members, and for ten of them", async () => {
    const crowd = Array.from({ length: 12 }, (_, index) => `c${index}`);
    await create("crowd", "ann", crowd.join(","));
    const [first] = await world.clients("c0");
    expect(await answer("manager/add", { groupId: "crowd", userIds: ["c0", "eve"] })).toEqual({
      code: 200,
      userIds: ["eve"],
    });
    expect(await first.next("notice", ({ operation }) => operation === "addAdmin")).toMatchObject({
      userIds: ["c0"],
    });
    expect(
      await answer("manager/add", { groupId: "crowd", userIds: crowd.slice(1, 11).join(",") }),
    ).toMatchObject({
      code: 25419,
      managerCount: 1,
    });
    expect(await answer("manager/add", { groupId: "crowd", userIds: crowd.slice(1, 10).join(",") })).toEqual({
      code: 200,
    });
    expect(await answer("manager/add", { groupId: "crowd", userIds: "ann" })).toMatchObject({ code: 25425 });
    expect((await group("member/query", { groupId: "crowd", type: 2 })).totalCount).toBe(10);
    await group("manager/remove", { groupId: "crowd", userIds: "c0,c11" });
    await first.next("notice", ({ operation }) => operation === "removeAdmin");
    expect((await group("member/query", { groupId: "crowd", type: 2 })).totalCount).toBe(9);
    expect(idsOf((await group("member/query", { groupId: "crowd", type: 3 })).members)).toEqual(["ann"]);
  });
});

describe("members of hosted groups", () => {
  test("are listed in pages, and looked up", async () => {
    await create("pages", "own", "m1,m2,m3");
    await group("join", { groupId: "pages", userIds: "m5,m4" });
    const seen: (string | undefined)[] = [];
    for (let pageToken: string | undefined = ""; pageToken !== undefined; ) {
      const page = await group("member/query", { groupId: "pages", size: 2, order: 0, pageToken });
      expect(page.totalCount).toBe(6);
      seen.push(...idsOf(page.members));
      pageToken = page.pageToken;
    }
    expect(seen).toEqual(["m1", "m2", "m3", "own", "m4", "m5"]);
    expect(await answer("member/query", { groupId: "pages", pageToken: "bm9uc2Vuc2U" })).toMatchObject({
      code: 25432,
    });
    const { members } = await group("member/specific/query", { groupId: "pages", userIds: "m4,nobody,own" });
    expect(members).toMatchObject([
      { userId: "m4", role: 1, nickname: "", extra: "", time: expect.any(Number) },
      { userId: "own", role: 3 },
    ]);
  });

  test("have a card there that all members hear of, and a name for the group that they alone know", async () => {
    await create("cards", "own", "pia,kai");
    const [pia, kai] = await world.clients("pia", "kai");
    await group("member/set", { groupId: "cards", userId: "pia", nickname: "Pippa", extra: "x" });
    const told = { userIds: ["pia"], conversation: { id: "cards" }, data: { nickname: "Pippa", extra: "x" } };
    expect(await kai.next("notice", ({ kind }) => kind === "memberInfoChanged")).toMatchObject(told);
    const { members } = await group("member/specific/query", { groupId: "cards", userIds: "pia" });
    expect(members).toMatchObject([{ nickname: "Pippa", extra: "x" }]);
    await group("remarkname/set", { groupId: "cards", userId: "pia", remarkName: "Ours" });
    expect(await pia.next("notice", ({ kind }) => kind === "remarkChanged")).toMatchObject({
      conversation: { id: "cards" },
      data: { remarkName: "Ours" },
    });
    const remark = async () =>
      (await group("remarkname/query", { groupId: "cards", userId: "pia" })).remarkName;
    expect(await remark()).toBe("Ours");
    await group("remarkname/delete", { groupId: "cards", userId: "pia" });
    expect(await remark()).toBe("");
    expect(await answer("member/set", { groupId: "cards", userId: "eve", nickname: "E" })).toMatchObject({
      code: 25418,
    });
    expect(
      await answer("remarkname/set", { groupId: "cards", userId: "eve", remarkName: "E" }),
    ).toMatchObject({
      code: 25418,
    });
    expect(
      await answer("member/set", { groupId: "cards", userId: "pia", nickname: "x".repeat(65) }),
    ).toMatchObject({
      code: 1005,
    });
    expect(kai.unread.filter(({ data }) => data.kind === "remarkChanged")).toEqual([]);
  });

  test("follow each other, for themselves", async () => {
    await create("fans", "own", "fan,star");
    const fan = await world.client("fan");
    await group("member/follow", { groupId: "fans", userId: "fan", followUserIds: "star,own" });
    expect(await fan.next("notice", ({ kind }) => kind === "followsChanged")).toMatchObject({
      userIds: ["star", "own"],
      data: { isFollowed: true },
    });
    const followed = await group("member/followed/get", { groupId: "fans", userId: "fan" });
    expect(followed).toMatchObject({ userId: "fan", groupId: "fans" });
    expect(idsOf(followed.members).toSorted()).toEqual(["own", "star"]);
    expect(followed.followedMembers).toEqual(followed.members);
    await group("member/unfollow", { groupId: "fans", userId: "fan", followUserIds: "star" });
    await fan.next("notice", ({ data }) => data?.isFollowed === false);
    expect(
      await answer("member/follow", { groupId: "fans", userId: "fan", followUserIds: "eve" }),
    ).toMatchObject({
      code: 25418,
    });
  });

  test("see their groups in pages, by role, and the app sees all of them", async () => {
    const { bank } = world;
    const bankGroup = (path: string, params: Record<string, unknown>) =>
      bank.ok(`/entrust/${path}.json`, params);
    for (const [groupId, owner] of [
      ["b1", "zed"],
      ["b2", "other"],
      ["b3", "zed"],
      ["b4", "other"],
    ] as const)
      await bankGroup("group/create", { groupId, name: groupId, owner, userIds: "zed" });
    await bankGroup("group/manager/add", { groupId: "b4", userIds: "zed" });
    const joined = async (params: object) => bankGroup("joined/group/query", { userId: "zed", ...params });
    const all = await joined({ size: 3 });
    expect([idsOf(all.groups), all.totalCount]).toEqual([["b4", "b3", "b2"], 4]);
    expect(idsOf((await joined({ size: 3, pageToken: all.pageToken })).groups)).toEqual(["b1"]);
    expect(idsOf((await joined({ role: 1, order: 0 })).groups)).toEqual(["b1", "b3"]);
    expect(idsOf((await joined({ role: 2 })).groups)).toEqual(["b4"]);
    expect((await joined({ role: 3 })).groups).toMatchObject([
      { groupId: "b2", name: "b2", role: 1, count: 2, owner: "other", remarkName: "", groupProfile: "{}" },
    ]);
    const first = await bankGroup("group/query", { size: 3, order: 0 });
    expect(idsOf(first.groups)).toEqual(["b1", "b2", "b3"]);
    expect(first.groups[0]).toMatchObject({ creator: "zed", owner: "zed", name: "b1", portraitUrl: "" });
    const rest = await bankGroup("group/query", { size: 3, order: 0, pageToken: first.pageToken });
    expect([idsOf(rest.groups), rest.pageToken]).toEqual([["b4"], undefined]);
    expect((await bank.call("/entrust/group/query.json", { size: 1001 })).body.code).toBe(1002);
  });
});
