import { describe, expect, test } from "bun:test";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";

const world = useRongcloudWorld();

const add = (userId: string, targetId: string, given: Record<string, unknown> = {}) =>
  world.call("/friend/add.json", { userId, targetId, ...given });

const friendsOf = async (userId: string, params: Record<string, unknown> = {}) =>
  (await world.ok("/friend/get.json", { userId, ...params })).friendList.map(
    (friend: { userId: string }) => friend.userId,
  );

describe("friends", () => {
  test("are added at once, and both are told", async () => {
    const [ann, ben] = await world.clients("ann", "ben");
    expect((await add("ann", "ben", { optType: 2 })).body).toEqual({ code: 200 });
    expect(await ann.next("notice")).toMatchObject({ kind: "friendAdded", userIds: ["ben"] });
    expect(await ben.next("notice")).toMatchObject({ kind: "friendAdded", userIds: ["ann"] });
    expect([await friendsOf("ann"), await friendsOf("ben")]).toEqual([["ben"], ["ann"]]);
    expect((await add("ann", "ben", { optType: 2 })).body).toMatchObject({
      code: 25460,
      url: "/friend/add.json",
    });
    expect((await add("ann", "ann")).body.code).toBe(25473);
    expect((await add("ann", "cid", { optType: 3 })).body.code).toBe(1002);
    expect((await add("ann", "cid", { extra: "x".repeat(129) })).body.code).toBe(1005);
    expect(await world.bank.ok("/friend/get.json", { userId: "ann" })).toMatchObject({ totalCount: 0 });
  });

  test("are added as the other one allows: at once, after consent, or not", async () => {
    await world.ok("/friend/permission/set.json", { userIds: "open,door", permissionType: 1 });
    await world.ok("/friend/permission/set.json", { userIds: ["shut"], permissionType: 3 });
    const { permissionSettings } = await world.ok("/friend/permission/get.json", {
      userIds: "open,shut,new",
    });
    expect(permissionSettings).toEqual([
      { userId: "open", type: 1 },
      { userId: "shut", type: 3 },
      { userId: "new", type: 0 },
    ]);
    expect((await add("dan", "open")).body.code).toBe(200);
    expect((await add("dan", "shut")).body.code).toBe(25471);
    const [dan, shy] = await world.clients("dan", "shy");
    expect((await add("dan", "shy", { extra: "It's me." })).body.code).toBe(200);
    const asked = { kind: "friendApplication", data: { from: "dan", to: "shy", extra: "It's me." } };
    expect(await shy.next("notice")).toMatchObject({ ...asked, userIds: ["dan"] });
    expect(await dan.next("notice")).toMatchObject({ ...asked, userIds: ["shy"] });
    expect(await friendsOf("dan")).toEqual(["open"]);
    expect((await add("shy", "dan")).body.code).toBe(200);
    expect(await dan.next("notice")).toMatchObject({ kind: "friendAdded", userIds: ["shy"] });
    expect(await friendsOf("dan")).toEqual(["open", "shy"]);
    const checked = await world.ok("/friend/check.json", { userId: "dan", targetIds: ["shy", "shut"] });
    expect(checked.results).toEqual([
      { userId: "shy", result: 1 },
      { userId: "shut", result: 2 },
    ]);
  });

  test("are not made against anybody's lists, unless the app wants it", async () => {
    const bar = (userId: string, blackUserId: string) =>
      world.ok("/user/blacklist/add.json", { userId, blackUserId });
    await bar("eli", "flo");
    expect((await add("flo", "eli")).body.code).toBe(25462);
    expect((await add("eli", "flo")).body.code).toBe(25464);
    await world.ok("/user/whitesetting/set.json", { userId: "guy", whiteSetting: 1 });
    expect((await add("flo", "guy")).body.code).toBe(25463);
    expect((await add("guy", "flo")).body.code).toBe(25465);
    expect((await add("flo", "eli", { optType: 2 })).body.code).toBe(200);
  });

  test("are deleted one by one and all at once, and all sides are told", async () => {
    for (const friend of ["g1", "g2", "g3"]) await add("gus", friend, { optType: 2 });
    const [gus, one, three] = await world.clients("gus", "g1", "g3");
    await world.ok("/friend/delete.json", { userId: "gus", targetId: "g1,g2,nobody" });
    const told = await gus.next("notice");
    expect([told.kind, told.userIds?.toSorted()]).toEqual(["friendDeleted", ["g1", "g2"]]);
    expect(await one.next("notice")).toMatchObject({ kind: "friendDeleted", userIds: ["gus"] });
    expect(await friendsOf("gus")).toEqual(["g3"]);
    await world.ok("/friend/clean.json", { userId: "gus" });
    expect((await gus.next("notice")).kind).toBe("friendsCleared");
    expect(await three.next("notice")).toMatchObject({ kind: "friendDeleted", userIds: ["gus"] });
    expect([await friendsOf("gus"), await friendsOf("g3")]).toEqual([[], []]);
    expect((await world.call("/friend/delete.json", { userId: "gus" })).body).toMatchObject({
      code: 1002,
      errorMessage: "The parameter targetIds is required.",
    });
  });

  test("are shown with their profile's name and what the user keeps about them, in pages", async () => {
    for (const friend of ["h3", "h1", "h2"]) await add("hal", friend, { optType: 2 });
    await world.ok("/user/profile/set.json", { userId: "h1", userProfile: { name: "Hannah" } });
    const hal = await world.client("hal");
    await world.ok("/friend/profile/set.json", {
      userId: "hal",
      targetId: "h1",
      remarkName: "Hanni",
      friendExtProfile: { ext_since: "school" },
    });
    expect(await hal.next("notice", ({ kind }) => kind === "friendInfoChanged")).toMatchObject({
      userIds: ["h1"],
      data: { remarkName: "Hanni" },
    });
    const first = await world.ok("/friend/get.json", { userId: "hal", size: 2 });
    expect([first.totalCount, typeof first.pageToken]).toEqual([3, "string"]);
    expect(first.friendList[1]).toEqual({
      ...{ userId: "h1", name: "Hannah", remarkName: "Hanni", time: expect.any(Number) },
      friendExtProfile: '{"ext_since":"school"}',
    });
    const rest = await world.ok("/friend/get.json", { userId: "hal", size: 2, pageToken: first.pageToken });
    expect(rest.friendList.map(({ userId }: { userId: string }) => userId)).toEqual(["h2"]);
    expect(rest.pageToken).toBeUndefined();
    expect(await friendsOf("hal", { order: 1 })).toEqual(["h2", "h1", "h3"]);
    expect((await world.call("/friend/get.json", { userId: "hal", pageToken: "nonsense" })).body.code).toBe(
      1002,
    );
    const set = (params: Record<string, unknown>) =>
      world.call("/friend/profile/set.json", { userId: "hal", targetId: "h1", ...params });
    expect((await set({ targetId: "stranger", remarkName: "x" })).body.code).toBe(25469);
    expect((await set({ friendExtProfile: { ext_Big: "x" } })).body.code).toBe(24362);
    expect((await set({ remarkName: "" })).body.code).toBe(200);
    const again = await world.ok("/friend/get.json", { userId: "hal" });
    expect(again.friendList[1]).toMatchObject({ userId: "h1", remarkName: "" });
  });

  test("each of many counts as a call", async () => {
    const userIds = Array.from({ length: 101 }, (_, index) => `many${index}`);
    const { body } = await world.call("/friend/permission/get.json", { userIds: userIds.join(",") });
    expect(body.code).toBe(1002);
    expect(
      (await world.ok("/friend/permission/get.json", { userIds: userIds.slice(1).join(",") }))
        .permissionSettings,
    ).toHaveLength(100);
  });
});
