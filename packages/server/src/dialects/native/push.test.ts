import { expect, test } from "bun:test";
import { direct, say, useNativeWorld } from "../../testing/native-world.ts";
import { toldPushes } from "../../testing/told-pushes.ts";
import { until } from "../../testing/until.ts";

const world = useNativeWorld();
const told = toldPushes(() => world.i2a.server.log);

const isOnline = async (userId: string): Promise<boolean> => {
  const watcher = await world.client("watcher");
  const { users } = await watcher.request("presence.watch", { userIds: [userId], seconds: 1 });
  return users[0]?.isOnline ?? false;
};

/** Whether so many messages have been seen to. */
const isDone = async (messages: number): Promise<boolean> => {
  const page = await (await fetch(`${world.i2a.server.url}/metrics`)).text();
  return Number(/^parlance_push_messages_done_total (\d+)$/m.exec(page)?.[1]) >= messages;
};

test("a device that registers is notified while its user is offline, until it unregisters", async () => {
  const [ann, ben] = await world.clients("ann", "ben");
  await ben.request("push.register", { provider: "apns", token: "first", package: "org.example" });
  await ben.request("push.register", { provider: "apns", token: "second" });
  // At once: on his own node nobody has to wait until the store knows that he is there.
  await say(ann, direct("ben"), "while online");
  await until("it is decided that nobody is notified", () => isDone(1));
  ben.close();
  await until("ben is offline", async () => !(await isOnline("ben")));
  await say(ann, direct("ben"), "offline");
  expect(await told.saying("ben", "offline")).toMatchObject({ provider: "apns", deviceId: "phone" });
  const again = await world.client("ben");
  await again.request("push.unregister", {});
  again.close();
  await until("ben is offline", async () => !(await isOnline("ben")));
  await say(ann, direct("ben"), "nobody reads this");
  const cid = await world.client("cid");
  await cid.request("push.register", { provider: "other", token: "bell" });
  cid.close();
  await until("cid is offline", async () => !(await isOnline("cid")));
  await say(ann, direct("cid"), "ding");
  await told.saying("cid", "ding");
  expect(told.of("ben").map(({ text }) => text)).toEqual(["offline"]);
});

test("what a user sets of notifications is kept, part by part", async () => {
  const dan = await world.client("dan");
  const nothing = { mute: {}, quiet: null, hidesDetails: false };
  expect(await dan.request("push.settings", {})).toEqual(nothing);
  const quiet = { from: 82_800, minutes: 480, level: 1 };
  await dan.request("push.update", { quiet, mute: { group: 1, system: 5 } });
  const set = { mute: { group: 1 }, quiet, hidesDetails: true };
  expect(await dan.request("push.update", { hidesDetails: true, mute: { system: 0 } })).toEqual(set);
  const other = await world.client("dan", "web");
  expect(await other.request("push.settings", {})).toEqual(set);
  expect(
    await other.request("push.update", { quiet: null, hidesDetails: false, mute: { group: 0 } }),
  ).toEqual(nothing);
  for (const wrong of [{ mute: { group: 3 } }, { quiet: { ...quiet, level: 2 } }, { quiet: { from: 1 } }])
    expect(await dan.refusal("push.update", wrong)).toBe("invalidParams");
  expect(await dan.refusal("push.register", { provider: "fcm", token: "" })).toBe("invalidParams");
});
