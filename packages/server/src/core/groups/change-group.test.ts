import { describe, expect, test } from "bun:test";
import { refusalOf, useCore } from "../../testing/core-world.ts";
import { until } from "../../testing/until.ts";
import type { CoreEvent } from "../events.ts";
import type { Speech } from "../messages/speak.ts";
import { usePushWorld } from "../push/testing/push-world.ts";
import { dismissGroup, joinGroup, leaveGroup, renameGroup } from "./change-group.ts";

const notice: Speech = {
  fromUserId: "bot",
  senderData: null,
  type: "text",
  content: '{"text":"welcome"}',
  isPersisted: true,
  isCounted: true,
  isHeardBySender: false,
};

const told = (event: CoreEvent) =>
  "userIds" in event ? [event.kind, ...event.userIds.toSorted()] : [event.kind];

describe("what is told of a change", () => {
  const world = useCore();

  test("names those who come before what is said, and those who go after it", async () => {
    const { core, published } = world;
    published.length = 0;
    await joinGroup(core, { groupId: "g", userIds: ["ann", "ben"], notice });
    await joinGroup(core, { groupId: "g", userIds: ["ann"], notice: { ...notice, isPersisted: false } });
    await leaveGroup(core, { groupId: "g", userIds: ["ben", "cid"], notice });
    await renameGroup(core, { groupId: "g", name: "G" });
    await dismissGroup(core, { groupId: "g", notice });
    await dismissGroup(core, { groupId: "nobody's", notice });
    expect(published.map(told)).toEqual([
      ["membersAdded", "ann", "ben"],
      ["messageSent"],
      ["signalSent"],
      ["messageSent"],
      ["membersRemoved", "ben"],
      ["messageSent"],
      ["membersRemoved", "ann"],
    ]);
  });

  test("is nothing when it is refused", async () => {
    const { core, published } = world;
    published.length = 0;
    const userIds = ["ann", "ben"];
    expect(await refusalOf(joinGroup(core, { groupId: "small", userIds, most: 1, notice }))).toBe(
      "groupFull most",
    );
    for (const groupId of ["", "g".repeat(65), "a\0b", "\ud800"])
      expect(await refusalOf(joinGroup(core, { groupId, userIds, notice }))).toBe("invalidInput groupId");
    const many = { userIds: Array.from({ length: 101 }, (_, index) => `u${index}`), isAll: false };
    const loud = { ...notice, mentions: many };
    expect(await refusalOf(joinGroup(core, { groupId: "small", userIds, notice: loud }))).toBe(
      "invalidInput mentions",
    );
    expect(published).toEqual([]);
    expect(await core.store.findConversation("small", ["group"])).toBeNull();
  });
});

describe("words of a change", () => {
  const world = usePushWorld({ filterServerMessages: true });

  test("are the app's, where those of back ends are looked at", async () => {
    const { core } = world.newNode();
    await core.store.saveWords([{ key: "welcome", word: "welcome", replaceWith: null }], 10);
    // What the registry of apps does.
    Object.assign(core, { app: (await world.store.apps.list())[0] });
    const joining = { groupId: "g", userIds: ["ann"], notice };
    expect(await refusalOf(joinGroup(core, joining))).toBe("blockedBySensitiveWord");
    expect(await core.store.findConversation("g", ["group"])).toBeNull();
    await joinGroup(core, { ...joining, notice: { ...notice, content: '{"text":"hello"}' } });
    expect(await core.store.findConversation("g", ["group"])).not.toBeNull();
  });
});

describe("notifications of a change", () => {
  const world = usePushWorld();

  test("reach those who come, and not those who went", async () => {
    await world.reach("ann", "ben");
    const { core, pushes } = world.newNode();
    await joinGroup(core, { groupId: "g", name: "Lunch", userIds: ["ann", "ben"], notice });
    await until("both are notified", () => pushes.length === 2);
    expect(pushes.map(({ userId }) => userId).sort()).toEqual(["ann", "ben"]);
    expect(pushes[0]).toMatchObject({ title: "Lunch", text: expect.stringContaining("welcome") });
    const goodbye = { ...notice, push: { text: "Ben went" } };
    await leaveGroup(core, { groupId: "g", userIds: ["ben"], notice: goodbye });
    await until("Ann is notified", () => pushes.length === 3);
    expect(pushes[2]).toMatchObject({ userId: "ann", text: expect.stringContaining("Ben went") });
    const silent = { ...notice, push: { isDisabled: true } };
    await joinGroup(core, { groupId: "g", userIds: ["cid"], notice: silent });
    await joinGroup(core, { groupId: "g", userIds: ["cid"], notice: { ...notice, push: { text: "last" } } });
    await until("Ann is notified again", () => pushes.length === 4);
    expect(pushes[3]).toMatchObject({ userId: "ann", text: expect.stringContaining("last") });
  });
});
