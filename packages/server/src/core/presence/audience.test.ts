import { describe, expect, test } from "bun:test";
import { Audience, type UserFacts } from "./audience.ts";

/** An audience whose loads a test lets through one by one. */
function openAudience() {
  const loads: { userId: string; resolve(facts: UserFacts): void; reject(error: Error): void }[] = [];
  const offline: string[] = [];
  const audience = new Audience<string>({
    load: (userId) => new Promise((resolve, reject) => loads.push({ userId, resolve, reject })),
    onOffline: (userId) => offline.push(userId),
    crowd: 3,
  });
  const facts = (conversationIds: number[], userData: string | null = null) => ({
    conversationIds,
    userData,
  });
  const listeners = (conversationId: number) =>
    [...audience.listeners(conversationId)].map((user) => user.userId);
  return { audience, loads, facts, listeners, offline };
}

describe("audience", () => {
  test("says once for each load that a user is offline: after the last link, or when loading fails", async () => {
    const { audience, loads, facts, offline } = openAudience();
    const ann = audience.join("ann", "phone");
    audience.join("ann", "laptop");
    loads[0]?.resolve(facts([1]));
    await ann.ready;
    audience.leave(ann, "phone");
    expect(offline).toEqual([]);
    audience.leave(ann, "laptop");
    audience.leave(ann, "laptop");
    expect(offline).toEqual(["ann"]);
    const bob = audience.join("bob", "phone");
    const loading = bob.ready?.catch((error: Error) => error.message);
    loads[1]?.reject(new Error("no store"));
    expect(await loading).toBe("no store");
    audience.leave(bob, "phone");
    expect(offline).toEqual(["ann", "bob"]);
  });

  test("knows its crowds as they grow, shrink and go", async () => {
    const { audience, loads, facts } = openAudience();
    const users = [];
    for (const name of ["ann", "bob", "cy", "dora"]) users.push(audience.join(name, "phone"));
    const crowds = (least: number) => [...audience.crowds(least)];
    for (const { resolve } of loads.slice(0, 2)) resolve(facts([1, 2]));
    await Promise.all(users.slice(0, 2).map(({ ready }) => ready));
    expect(crowds(1)).toEqual([]);
    for (const { resolve } of loads.slice(2)) resolve(facts([1]));
    await Promise.all(users.map(({ ready }) => ready));
    expect([crowds(1), crowds(4), crowds(5)]).toEqual([[[1, 4]], [[1, 4]], []]);
    audience.setMember("ann", 1, false);
    expect(crowds(3)).toEqual([[1, 3]]);
    audience.leave(users[1] as (typeof users)[0], "phone");
    expect(crowds(1)).toEqual([]);
    audience.setMember("ann", 1, true);
    expect(crowds(1)).toEqual([[1, 3]]);
    audience.removeConversation(1);
    expect(crowds(1)).toEqual([]);
  });

  test("a user hears their conversations once these are known, and none after leaving", async () => {
    const { audience, loads, facts, listeners } = openAudience();
    const user = audience.join("ann", "phone");
    expect(listeners(1)).toEqual([]);
    loads[0]?.resolve(facts([1, 2], "{}"));
    await user.ready;
    expect([listeners(1), listeners(2), listeners(3)]).toEqual([["ann"], ["ann"], []]);
    expect(user.userData).toBe("{}");
    audience.leave(user, "phone");
    expect([listeners(1), audience.onlineUsers]).toEqual([[], 0]);
  });

  test("several devices are one user, loaded once, gone with the last", async () => {
    const { audience, loads, facts, listeners } = openAudience();
    const user = audience.join("ann", "phone");
    expect(audience.join("ann", "laptop")).toBe(user);
    expect(loads).toHaveLength(1);
    loads[0]?.resolve(facts([1]));
    await user.ready;
    audience.leave(user, "phone");
    audience.leave(user, "phone");
    expect(listeners(1)).toEqual(["ann"]);
    audience.leave(user, "laptop");
    expect(listeners(1)).toEqual([]);
  });

  test("changes while memberships are read are not lost, whatever the reading saw", async () => {
    const { audience, loads, facts, listeners } = openAudience();
    const user = audience.join("ann", "phone");
    audience.setMember("ann", 2, true);
    audience.setMember("ann", 1, false);
    audience.setUserData("ann", "new");
    audience.removeConversation(3);
    loads[0]?.resolve(facts([1, 3], "old"));
    await user.ready;
    expect([listeners(1), listeners(2), listeners(3)]).toEqual([[], ["ann"], []]);
    expect(user.userData).toBe("new");
  });

  test("a user who left while being read hears nothing", async () => {
    const { audience, loads, facts, listeners } = openAudience();
    const user = audience.join("ann", "phone");
    const { ready } = user;
    audience.leave(user, "phone");
    loads[0]?.resolve(facts([1]));
    await ready;
    expect(listeners(1)).toEqual([]);
  });

  test("a failed reading is told to those who wait and tried again for the next", async () => {
    const { audience, loads, facts, listeners } = openAudience();
    const user = audience.join("ann", "phone");
    loads[0]?.reject(new Error("disk"));
    await expect(user.ready).rejects.toThrow("disk");
    const again = audience.join("ann", "phone");
    expect(again).not.toBe(user);
    audience.leave(user, "phone");
    loads[1]?.resolve(facts([1]));
    await again.ready;
    expect(listeners(1)).toEqual(["ann"]);
  });

  test("removing a conversation silences it for everybody", async () => {
    const { audience, loads, facts, listeners } = openAudience();
    const users = ["ann", "bob"].map((userId) => audience.join(userId, "phone"));
    for (const load of loads) load.resolve(facts([1, 2]));
    await Promise.all(users.map((user) => user.ready));
    audience.removeConversation(1);
    expect([listeners(1), listeners(2)]).toEqual([[], ["ann", "bob"]]);
    expect(users[0]?.isMemberOf(1)).toBe(false);
  });

  test("membership works the same for a user of a thousand conversations", async () => {
    const { audience, loads, facts, listeners } = openAudience();
    const user = audience.join("ann", "phone");
    loads[0]?.resolve(facts(Array.from({ length: 1000 }, (_, index) => index)));
    await user.ready;
    audience.setMember("ann", 500, false);
    audience.setMember("ann", 1000, true);
    expect([user.isMemberOf(499), user.isMemberOf(500), user.isMemberOf(1000)]).toEqual([true, false, true]);
    audience.leave(user, "phone");
    expect([listeners(0), listeners(999), listeners(1000)]).toEqual([[], [], []]);
  });

  test("work is told who changed during it, and only then; its failure is passed on", async () => {
    const { audience, loads, facts } = openAudience();
    const users = ["ann", "bob", "cy"].map((userId) => audience.join(userId, "phone"));
    for (const load of loads) load.resolve(facts([1]));
    await Promise.all(users.map((user) => user.ready));
    audience.setMember("ann", 2, true);
    const { result, changed } = await audience.whileWatching(async () => {
      audience.setMember("bob", 2, true);
      return "done";
    });
    audience.setMember("cy", 2, true);
    expect([result, [...changed]]).toEqual(["done", ["bob"]]);
    const failure = await audience
      .whileWatching(() => Promise.reject(new Error("disk")))
      .catch((error: Error) => error.message);
    expect(failure).toBe("disk");
  });

  test("everybody whose memberships are known hears what is everybody's, and who leaves doesn't", async () => {
    const { audience, loads, facts, listeners } = openAudience();
    audience.hearEverybodys(7);
    const ann = audience.join("ann", "phone");
    const bob = audience.join("bob", "phone");
    expect(listeners(7)).toEqual([]);
    loads[0]?.resolve(facts([1]));
    await ann.ready;
    expect(listeners(7)).toEqual(["ann"]);
    loads[1]?.resolve(facts([]));
    await bob.ready;
    expect(listeners(7)).toEqual(["ann", "bob"]);
    audience.replaceMemberships("ann", [2]);
    expect(listeners(7)).toEqual(["ann", "bob"]);
    audience.leave(ann, "phone");
    expect(listeners(7)).toEqual(["bob"]);
    audience.removeConversation(7);
    expect(listeners(7)).toEqual([]);
  });
});
