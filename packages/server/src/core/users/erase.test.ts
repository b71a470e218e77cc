import { expect, test } from "bun:test";
import type { Store } from "../../ports/store.ts";
import { useCore } from "../../testing/core-world.ts";
import { until } from "../../testing/until.ts";
import { addFriend, findFriends } from "../friends/friends.ts";
import { findProfiles, setProfile } from "../profiles/profiles.ts";
import { deactivateUsers } from "./deactivate-users.ts";
import { deleteUsers } from "./delete-users.ts";
import { startErasing } from "./erase.ts";
import { registerUser } from "./register-user.ts";

const world = useCore();

test("erases whom it can, and says what went wrong with the others", async () => {
  const { core } = world;
  for (const userId of ["ann", "ben"]) {
    await registerUser(core, { userId, name: userId });
    await setProfile(core, userId, { fields: { name: userId }, ownFields: {} });
  }
  await deactivateUsers(core, ["ann", "ben"]);
  const errors: unknown[] = [];
  const due = ["broken", "ann", "ben"].map((userId) => ({ appId: core.app.id, userId }));
  const store = {
    apps: { listDueErasures: async () => (errors.length > 0 ? [] : due) },
    forApp: () => core.store,
  } as unknown as Store;
  const broken = {
    ...core,
    settings: core.settings,
    store: Object.assign(Object.create(core.store), {
      async eraseUser(userId: string, limit: number) {
        if (userId === "broken") throw new Error("this one");
        return core.store.eraseUser(userId, limit);
      },
    }),
  };
  const stop = startErasing({ store, coreOf: () => broken, onError: (error) => errors.push(error) });
  const isErased = async (userId: string) => {
    const profile = await core.store.findUserProfile(userId);
    return profile?.name === null && (await findProfiles(core, [userId])).length === 0;
  };
  await until("both are erased", async () => (await isErased("ann")) && (await isErased("ben")));
  stop();
  expect(errors).toEqual([new Error("this one")]);
});

test("users who are deleted are nobody's friends any more", async () => {
  const { core } = world;
  for (const userId of ["cid", "dan"]) await registerUser(core, { userId, name: userId });
  await addFriend(core, { userId: "cid", friendId: "dan", isForced: true });
  await setProfile(core, "cid", { fields: { name: "Cid" }, ownFields: {} });
  await deleteUsers(core, ["cid"]);
  expect(await findFriends(core, "dan", ["cid"])).toEqual(new Set());
  expect(await findProfiles(core, ["cid"])).toEqual([]);
});
