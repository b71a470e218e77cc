import { describe, expect, test } from "bun:test";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";

const world = useRongcloudWorld();

const codeOf = async (path: string, params: Record<string, unknown>) => {
  const { status, body } = await world.call(path, params);
  return [status, body.code];
};

const profileOf = async (userId: string) => {
  const { userList } = await world.ok("/user/profile/batch/query.json", { userId });
  const [found] = userList;
  return found && { ...JSON.parse(found.userProfile), ...JSON.parse(found.userExtProfile) };
};

describe("profiles", () => {
  test("are set field by field, as forms and as JSON, and told to the user's devices", async () => {
    const ann = await world.client("ann");
    await world.ok("/user/profile/set.json", {
      userId: "ann",
      userProfile: { name: "Ann", gender: 2, email: "a@example.org", level: "7" },
      userExtProfile: { ext_team: "red", ext_seat: "4" },
    });
    expect(await ann.next("notice")).toMatchObject({
      kind: "profileChanged",
      userIds: ["ann"],
      data: { fields: { name: "Ann", gender: 2 }, ownFields: { ext_team: "red" } },
    });
    const { body } = await world.callJson("/user/profile/set.json", {
      userId: "ann",
      userProfile: { name: "Anna", email: "" },
      userExtProfile: '{"ext_seat":""}',
    });
    expect(body).toEqual({ code: 200 });
    expect(await profileOf("ann")).toEqual({ name: "Anna", gender: 2, level: 7, ext_team: "red" });
  });

  test("are wrong by codes of their own, and then stay as they are", async () => {
    await world.ok("/user/profile/set.json", { userId: "bob", userProfile: { name: "Bob" } });
    const set = (userProfile: unknown, userExtProfile: unknown = {}) =>
      codeOf("/user/profile/set.json", { userId: "bob", userProfile, userExtProfile });
    expect(await set({ shoeSize: 42 })).toEqual([403, 24361]);
    expect(await set({}, { team: "red" })).toEqual([403, 24362]);
    expect(await set({}, { [`ext_${"a".repeat(29)}`]: "x" })).toEqual([403, 24362]);
    expect(await set({ name: "x".repeat(65) })).toEqual([403, 24364]);
    expect(await set({}, { ext_a: "x".repeat(257) })).toEqual([403, 24364]);
    expect(await set({ gender: "much" })).toEqual([403, 24367]);
    expect(await set({ gender: 3 })).toEqual([403, 24368]);
    expect(await set({ name: ["Bob"] })).toEqual([400, 1002]);
    const many = Object.fromEntries(
      Array.from({ length: 21 }, (_, index) => [`ext_${"a".repeat(index + 1)}`, "x"]),
    );
    expect(await set({ name: "No" }, many)).toEqual([403, 24363]);
    expect(await set("no JSON")).toEqual([400, 1002]);
    expect(await codeOf("/user/profile/set.json", { userProfile: { name: "x" } })).toEqual([400, 1002]);
    expect(await codeOf("/user/profile/set.json", { userId: "x".repeat(65) })).toEqual([400, 1005]);
    expect(await profileOf("bob")).toEqual({ name: "Bob" });
    // Not longer than 64 characters, whatever their code units.
    expect(await set({ name: "👋".repeat(64) })).toEqual([200, 200]);
  });

  test("are read by their users in order, paged, cleaned, and the other app's are its own", async () => {
    const { bank } = world;
    for (const [index, userId] of ["z", "y", "x"].entries())
      await bank.ok("/user/profile/set.json", { userId, userProfile: { level: index } });
    const ids = async (path: string, params: Record<string, unknown>) =>
      (await bank.ok(path, params)).userList.map(({ userId }: { userId: string }) => userId);
    expect(await ids("/user/profile/batch/query.json", { userId: "x,nobody,z" })).toEqual(["x", "z"]);
    expect(await ids("/user/profile/batch/query.json", { userId: ["x", "y"] })).toEqual(["x", "y"]);
    expect(await ids("/user/profile/query.json", {})).toEqual(["z", "y", "x"]);
    expect(await ids("/user/profile/query.json", { page: 2, size: 2 })).toEqual(["x"]);
    expect(await ids("/user/profile/query.json", { page: 1, size: 2, order: 1 })).toEqual(["x", "y"]);
    const { userList } = await bank.ok("/user/profile/batch/query.json", { userId: "y" });
    expect(userList).toEqual([
      { userId: "y", version: expect.any(Number), userProfile: '{"level":1}', userExtProfile: "{}" },
    ]);
    await bank.ok("/user/profile/clean.json", { userId: "x,y,nobody" });
    expect(await ids("/user/profile/query.json", {})).toEqual(["z"]);
    expect(await profileOf("z")).toBeUndefined();
    expect((await bank.call("/user/profile/query.json", { size: 101 })).body.code).toBe(1002);
  });

  test("are told to friends as well, and their cleaning too", async () => {
    await world.ok("/friend/add.json", { userId: "eva", targetId: "fay", optType: 2 });
    const fay = await world.client("fay");
    const kim = await world.client("kim");
    await world.ok("/user/profile/set.json", { userId: "eva", userProfile: { name: "Eva" } });
    await fay.next("notice", ({ userIds, data }) => `${userIds}` === "eva" && data?.isCleaned === undefined);
    await world.ok("/user/profile/clean.json", { userId: "eva" });
    await fay.next("notice", ({ data }) => data?.isCleaned === true);
    await world.ok("/user/profile/set.json", { userId: "kim", userProfile: { name: "Kim" } });
    // Of a stranger's profile nothing came before one's own.
    expect((await kim.next("notice")).userIds).toEqual(["kim"]);
  });
});
