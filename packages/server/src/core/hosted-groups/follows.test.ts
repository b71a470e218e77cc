import { expect, test } from "bun:test";
import { useCore } from "../../testing/core-world.ts";
import { findFollowers, followMembers, isFollowing, unfollowMembers } from "./follows.ts";
import { createHostedGroup } from "./host-group.ts";
import { leaveHosted } from "./membership.ts";

const world = useCore();

test("who follows a sender hears of them, in this group and while both are in it", async () => {
  const { core } = world;
  for (const groupId of ["g", "other"])
    await createHostedGroup(core, { groupId, name: "G", ownerId: "own", userIds: ["fan", "star"] });
  await followMembers(core, "g", "fan", ["star", "own"]);
  expect(await isFollowing(core, "g", "fan", "star")).toBe(true);
  expect(await isFollowing(core, "g", "star", "fan")).toBe(false);
  expect(await isFollowing(core, "other", "fan", "star")).toBe(false);
  expect(await isFollowing(core, "none", "fan", "star")).toBe(false);
  expect(await findFollowers(core, "g", "own", ["fan", "star", "own"])).toEqual(new Set(["fan"]));
  await unfollowMembers(core, "g", "fan", ["own"]);
  expect(await isFollowing(core, "g", "fan", "own")).toBe(false);
  const forget = { mutes: true, exemptions: true, follows: true };
  await leaveHosted(core, "g", { userIds: ["star"], how: "quit", forget });
  expect(await isFollowing(core, "g", "fan", "star")).toBe(false);
});
