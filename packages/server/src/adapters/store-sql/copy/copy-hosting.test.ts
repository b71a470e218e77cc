import { afterAll, beforeAll, expect, test } from "bun:test";
import { type PostgresServer, startPostgres } from "../../../testing/postgres-server.ts";
import { openPostgresStore } from "../postgres.ts";
import { temporaries } from "../testing/temporary.ts";
import { copyInstallation } from "./copy-installation.ts";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop(), 60_000);

const { newFile, openStore } = temporaries();

test("a copy takes profiles, friends, and facts of groups and their members", async () => {
  const file = await newFile();
  const source = await openStore(file);
  const { id: appId } = await source.apps.create({ key: "shop", secret: "secret-of-shop", name: "Shop" });
  const own = source.forApp(appId);
  await own.saveProfile("ann", { fields: { name: "Ann", level: 3 }, ownFields: { ext_a: "1" } }, 9);
  const friend = { isForced: true, permissionByDefault: 2, extra: "", now: 1, mostFriends: 9 } as const;
  const expiresAt = Date.now() + 3_600_000;
  await own.addFriend({ ...friend, userId: "ann", friendId: "ben", expiresAt });
  await own.saveFriend("ann", "ben", { remarkName: "Benny", ownFields: { ext_b: "2" } }, 9);
  await own.addFriend({ ...friend, isForced: false, userId: "cid", friendId: "ann", expiresAt });
  await own.setFriendPermission(["ben"], 3);
  const { conversation } = await own.hostGroup({
    ...{ groupId: "lunch", name: "Lunch", ownerId: "ann", isNew: true },
    ...{ fields: { introduction: "At noon" }, ownFields: { ext_c: "3" }, permissions: { joinPerm: 1 } },
    join: { userIds: ["ann", "ben"], most: 9, seesHistory: true },
  });
  const id = conversation?.id as number;
  await own.addGroupAdmins(id, ["ben"], 9);
  await own.saveHostedMember(id, "ben", { nickname: "B", extra: "x", remarkName: "Ours" });
  await own.followMembers(id, "ann", ["ben"], 9);
  const page = { after: null, isNewestFirst: false, limit: 10 };
  const everything = async (of: typeof own) => ({
    profiles: await of.listProfiles({ offset: 0, limit: 10, isNewestFirst: false }),
    friends: [await of.listFriends("ann", page), await of.countFriends("ben")],
    permissions: await of.findFriendPermissions(["ann", "ben"]),
    groups: await of.listJoinedGroups("ben", 2, page),
    members: await of.listHostedMembers(id, null, page),
    followed: await of.listFollowed(id, "ann"),
  });
  const expected = await everything(own);
  expect([expected.groups.length, expected.followed.length]).toEqual([1, 1]);
  const options = { file, url: postgres.url(await postgres.createDatabase()) };
  await copyInstallation({ ...options, isAtRest: true, compareAll: true, onProgress() {} });
  const target = await openPostgresStore({ url: options.url, connections: 2 });
  try {
    const copied = target.forApp(appId);
    expect(await everything(copied)).toEqual(expected);
    // The application came along: it is answered there.
    const answer = { ...friend, isForced: false, userId: "ann", friendId: "cid", expiresAt };
    expect(await copied.addFriend(answer)).toBe("added");
  } finally {
    await target.close();
  }
});
