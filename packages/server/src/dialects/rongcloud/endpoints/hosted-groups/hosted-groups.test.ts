import { describe, expect, test } from "bun:test";
import { say } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";

const world = useRongcloudWorld();

const group = (path: string, params: Record<string, unknown>) =>
  world.ok(`/entrust/group/${path}.json`, params);
const codeOf = async (path: string, params: Record<string, unknown>) =>
  (await world.call(`/entrust/group/${path}.json`, params)).body.code;

const create = (groupId: string, owner: string, userIds = "", more: Record<string, unknown> = {}) =>
  group("create", { groupId, name: `Name of ${groupId}`, owner, ...(userIds && { userIds }), ...more });

const profileOf = async (groupId: string) =>
  (await group("profile/query", { groupIds: groupId })).profiles[0];

const rolesIn = async (groupId: string) => {
  const { members } = await group("member/query", { groupId, order: 0 });
  return Object.fromEntries(
    members.map(({ userId, role }: { userId: string; role: number }) => [userId, role]),
  );
};

const isOperation = (operation: string) => (notice: { operation?: string }) => notice.operation === operation;

describe("hosted groups", () => {
  test("are groups that people write in, with facts", async () => {
    const [ann, ben] = await world.clients("ann", "ben");
    await create("lunch", "ann", "ben,cid", {
      groupProfile: { introduction: "At noon" },
      permissions: { joinPerm: 1 },
      groupExtProfile: { ext_room: "4" },
    });
    for (const client of [ann, ben]) {
      const told = await client.next("notice", isOperation("create"));
      expect(told).toMatchObject({ conversation: { kind: "group", id: "lunch" }, data: { owner: "ann" } });
    }
    await say(ben, { kind: "group", id: "lunch" }, "hungry");
    expect((await ann.next("message")).content).toEqual({ text: "hungry" });
    const profile = await profileOf("lunch");
    expect(profile).toMatchObject({
      ...{ groupId: "lunch", groupName: "Name of lunch", owner: "ann", memberCount: 3 },
      ...{ groupProfile: '{"introduction":"At noon"}', groupExtProfile: '{"ext_room":"4"}' },
    });
    expect(JSON.parse(profile.permissions)).toEqual({
      ...{ joinPerm: 1, removePerm: 0, memInvitePerm: 0, invitePerm: 0, profilePerm: 0, memProfilePerm: 0 },
    });
    expect(Math.abs(profile.createTime - Date.now())).toBeLessThan(3_600_000);
    await group("profile/update", {
      groupId: "lunch",
      groupProfile: { name: "Dinner", introduction: "", announcement: "At eight" },
      permissions: { invitePerm: 1 },
    });
    const changed = await ben.next("notice", ({ kind }) => kind === "groupInfoChanged");
    expect(changed.data).toMatchObject({ name: "Dinner", fields: { announcement: "At eight" } });
    const { groupName, groupProfile, permissions } = await profileOf("lunch");
    expect([groupName, groupProfile]).toEqual(["Dinner", '{"announcement":"At eight"}']);
    expect(JSON.parse(permissions)).toMatchObject({ joinPerm: 1, invitePerm: 1 });
  });

  test("are refused by codes of their own", async () => {
    await create("taken", "ann");
    expect(await codeOf("create", { groupId: "taken", name: "x", owner: "ann" })).toBe(25409);
    expect(await codeOf("create", { groupId: "other", name: "x".repeat(65), owner: "ann" })).toBe(1005);
    expect(await codeOf("create", { groupId: "other", owner: "ann" })).toBe(1002);
    const tooMany = Array.from({ length: 31 }, (_, index) => `u${index}`).join(",");
    expect(await codeOf("create", { groupId: "other", name: "x", owner: "ann", userIds: tooMany })).toBe(
      1002,
    );
    const update = (facts: object) => codeOf("profile/update", { groupId: "taken", ...facts });
    expect(await update({ groupProfile: { colour: "red" } })).toBe(25403);
    expect(await update({ groupProfile: { introduction: "x".repeat(513) } })).toBe(25406);
    expect(await update({ groupExtProfile: { room: "4" } })).toBe(25407);
    expect(await update({ permissions: { joinPerm: 4 } })).toBe(25403);
    expect(await update({ permissions: { joinPerm: "often" } })).toBe(25408);
    expect(await update({ groupProfile: { name: "" } })).toBe(25423);
    expect(await codeOf("profile/update", { groupId: "none", groupProfile: {} })).toBe(25410);
    const plain = await world.native.group("ann", "ben");
    expect(await codeOf("dismiss", { groupId: plain.id })).toBe(25429);
    expect(await codeOf("import", { groupId: "none", name: "x", owner: "ann" })).toBe(25410);
    expect(await world.bank.ok("/entrust/group/query.json")).toMatchObject({ groups: [] });
    expect((await world.bank.call("/entrust/group/dismiss.json", { groupId: "taken" })).body.code).toBe(
      25410,
    );
  });

  test("are made of groups that are there, and end with nothing kept of them", async () => {
    const { id: groupId } = await world.native.group("ann", "ben");
    await group("import", { groupId, name: "Imported", owner: "ben" });
    expect(await rolesIn(groupId)).toEqual({ ann: 1, ben: 3 });
    expect(await codeOf("import", { groupId, name: "Again", owner: "ben" })).toBe(25409);
    const ann = await world.client("ann", "dismissal");
    await group("dismiss", { groupId });
    expect(await ann.next("notice", isOperation("dismiss"))).toMatchObject({ conversation: { id: groupId } });
    expect(await ann.refusal("message.history", { conversation: { kind: "group", id: groupId } })).toBe(
      "notMember",
    );
    expect(await profileOf(groupId)).toBeUndefined();
    expect(await codeOf("member/query", { groupId })).toBe(25410);
    await create(groupId, "cid");
    expect(await rolesIn(groupId)).toEqual({ cid: 3 });
  });

  test("let people in and out, and all of them hear it", async () => {
    await create("hall", "own", "old");
    const [own, ned] = await world.clients("own", "ned");
    const joined = await group("join", { groupId: "hall", userIds: ["ned", "mia"] });
    expect(joined).toMatchObject({ groupId: "hall", name: "Name of hall", owner: "own", memberCount: 4 });
    expect((await ned.next("notice", isOperation("join"))).userIds).toEqual(["ned", "mia"]);
    await own.next("notice", isOperation("join"));
    await say(ned, { kind: "group", id: "hall" }, "hello");
    expect(await codeOf("member/kick", { groupId: "hall", userIds: "old,own" })).toBe(25417);
    expect(await rolesIn("hall")).toHaveProperty("old");
    await group("member/kick", { groupId: "hall", userIds: "ned,nobody" });
    expect((await ned.next("notice", isOperation("kick"))).userIds).toEqual(["ned"]);
    expect(await ned.refusal("message.history", { conversation: { kind: "group", id: "hall" } })).toBe(
      "notMember",
    );
    await group("quit", { groupId: "hall", userIds: ["mia"] });
    expect((await own.next("notice", isOperation("quit"))).userIds).toEqual(["mia"]);
    expect(await rolesIn("hall")).toEqual({ old: 1, own: 3 });
  });

  test("forget mutes, exemptions and follows of who leaves, unless they are told not to", async () => {
    await create("quiet", "own", "p1,p2");
    const usersOf = (list: { userId: string }[]) => list.map(({ userId }) => userId);
    const rows = async () => [
      usersOf((await world.ok("/group/user/gag/list.json", { groupId: "quiet" })).users),
      (await world.ok("/group/user/ban/whitelist/query.json", { groupId: "quiet" })).userIds,
      usersOf((await group("member/followed/get", { groupId: "quiet", userId: "own" })).members),
    ];
    const prepare = async () => {
      await world.ok("/group/user/gag/add.json", { groupId: "quiet", userId: "p1", minute: 10 });
      await world.ok("/group/user/ban/whitelist/add.json", { groupId: "quiet", userId: "p1" });
      await group("member/follow", { groupId: "quiet", userId: "own", followUserIds: "p1" });
    };
    await prepare();
    await group("quit", { groupId: "quiet", userIds: "p1", isDelBan: 0, isDelWhite: 0, isDelFollowed: 0 });
    expect(await rows()).toEqual([["p1"], ["p1"], ["p1"]]);
    await group("member/kick", { groupId: "quiet", userIds: "p1", isDelWhite: 0 });
    expect(await rows()).toEqual([[], ["p1"], []]);
    await group("join", { groupId: "quiet", userIds: "p1" });
    await prepare();
    await group("quit", { groupId: "quiet", userIds: "p1" });
    expect(await rows()).toEqual([[], [], []]);
  });

  test("are lost by who is thrown out of all, but for those they own", async () => {
    const ids = ["a1", "a2", "a3"];
    for (const id of ids) await create(id, "own", "rex");
    await create("a4", "rex", "own");
    const rex = await world.client("rex");
    await group("member/kick/all", { userId: "rex" });
    for (const id of ids) {
      await rex.next(
        "notice",
        ({ conversation, operation }) => conversation?.id === id && operation === "kick",
      );
      expect(await rolesIn(id)).toEqual({ own: 3 });
    }
    const { groups, totalCount } = await world.ok("/entrust/joined/group/query.json", { userId: "rex" });
    expect([totalCount, groups[0].groupId, groups[0].role]).toEqual([1, "a4", 3]);
  });
});
