import { describe, expect, test } from "bun:test";
import type { Push } from "../../ports/push.ts";
import { until } from "../../testing/until.ts";
import { openConversation } from "../conversations/conversation-name.ts";
import { presetSettings } from "../conversations/presets.ts";
import { pushToAudience } from "./push-jobs.ts";
import { type PushNode, sayIn, usePushWorld } from "./testing/push-world.ts";

const world = usePushWorld({ timeZone: "+00:00" });

const arrival = (node: PushNode, count = 1): Promise<void> =>
  until(`${count} notifications`, () => node.pushes.length >= count);
const receivers = ({ pushes }: PushNode): string[] => pushes.map(({ userId }) => userId).sort();
/** Everything before it has been decided when this one's is there. */
const settle = async (node: PushNode, count = 0): Promise<void> => {
  const conversation = await openConversation(node.core, "bell", { kind: "direct", id: "ringer" });
  await world.reach("bell");
  await sayIn(node.core, conversation, "ding", { senderId: "ringer" });
  await until("the bell rings", () => node.pushes.some(({ userId }) => userId === "bell"));
  node.pushes.splice(
    node.pushes.findIndex(({ userId }) => userId === "bell"),
    1,
  );
  expect(node.pushes).toHaveLength(count);
};
/** Messages that the node has done with, and removed from the outbox. */
const done = (node: PushNode, count: number): Promise<void> =>
  until(`${count} are done with`, () => node.pusher.stats.done >= count);

describe("a notification of a message", () => {
  test("goes to members who can be reached, but the sender, and says who spoke where", async () => {
    const node = world.newNode();
    await world.reach("ann", "ben", "cid");
    const group = await world.newConversation(["ann", "ben", "cid", "unreachable"]);
    await node.core.store.openSession(
      { tokenHash: "x", userId: "ann", deviceId: "d", fcmToken: null, customData: "{}" },
      9,
    );
    const { message } = await sayIn(node.core, group, "Hello 🍵");
    await arrival(node, 2);
    await settle(node, 2);
    expect(receivers(node)).toEqual(["ben", "cid"]);
    expect(node.pushes.find(({ userId }) => userId === "ben")).toMatchObject({
      ...{ app: "shop", userId: "ben", deviceId: "phone", token: "token of ben", platform: "android" },
      ...{ title: "The Shop", text: "Hello 🍵", data: null, badge: 1, isContentAvailable: false },
      about: {
        kind: "group",
        conversationId: group.key,
        senderId: "ann",
        type: "text",
        sentAt: message.sentAt,
      },
    });
    expect(node.pushes[0]?.id).toBe(node.pushes[1]?.id as string);
  });

  test("carries what the sender wished", async () => {
    const node = world.newNode();
    await world.reach("dan");
    const talk = await openConversation(node.core, "ann", { kind: "direct", id: "dan" });
    const wish = { text: "Words", data: '{"a":1}', title: "Title", badge: 7, templateId: "t" };
    await sayIn(node.core, talk, "x", {
      push: { ...wish, isContentAvailable: true, providers: { FCM: { channelId: "c" } } },
    });
    await arrival(node);
    expect(node.pushes[0]).toMatchObject({
      ...wish,
      ...{ isContentAvailable: true, options: { FCM: { channelId: "c" } } },
    });
    await sayIn(node.core, talk, "x", { push: { isDisabled: true } });
    await sayIn(node.core, talk, "x", { type: "shop:order" });
    await sayIn(node.core, talk, "x", { type: "infoNotice" });
    await sayIn(node.core, talk, "x", { type: "shop:order", push: { text: "An order", badge: -1 } });
    await arrival(node, 2);
    expect(node.pushes[1]).toMatchObject({ text: "An order", badge: null, about: { type: "shop:order" } });
    await settle(node, 2);
  });

  test("has the names that its receiver, the group, or the app gave, and hides details from who wants that", async () => {
    const node = world.newNode();
    const { store } = node.core;
    await world.reach("eve", "fay", "gus");
    const group = await world.newConversation(["hal", "eve", "fay", "gus"]);
    await store.saveGroupRemark(group.key, "hal", "Captain");
    await store.saveRemarks("fay", [{ targetId: "hal", remark: "Dad" }], 10);
    await store.savePushPreferences("gus", { hidesDetails: true });
    await sayIn(node.core, group, "Land!", { senderId: "hal" });
    await arrival(node, 3);
    const said = () =>
      Object.fromEntries(node.pushes.map(({ userId, title, text }) => [userId, [title, text]]));
    expect(said()).toEqual({
      eve: ["The Shop", "Captain: Land!"],
      fay: ["The Shop", "Dad: Land!"],
      gus: ["The Shop", "You have received a message."],
    });
    node.pushes.length = 0;
    await sayIn(node.core, group, "x", { senderId: "hal", push: { text: "Land", forcesDetails: true } });
    await arrival(node, 3);
    expect(said().gus).toEqual(["The Shop", "Land"]);
    node.pushes.length = 0;
    const talk = await openConversation(node.core, "hal", { kind: "direct", id: "fay" });
    await sayIn(node.core, talk, "Sea", { senderId: "hal" });
    await arrival(node);
    expect(said()).toEqual({ fay: ["Dad", "Sea"] });
  });

  test("follows what receivers set, and whom the message is for", async () => {
    const node = world.newNode();
    await world.reach("ida", "jon", "kim");
    const group = await world.newConversation(["ann", "ida", "jon", "kim"]);
    await presetSettings(node.core, "jon", { kind: "group", id: group.key }, { muteLevel: 2 });
    await node.core.store.savePushPreferences("kim", { muteLevels: { group: 5 } });
    await sayIn(node.core, group, "all");
    await arrival(node);
    await settle(node, 1);
    expect(receivers(node)).toEqual(["ida"]);
    await sayIn(node.core, group, "jon?", { mentions: { userIds: ["jon"], isAll: false } });
    await arrival(node, 3);
    await settle(node, 3);
    expect(receivers(node)).toEqual(["ida", "ida", "jon"]);
    await sayIn(node.core, group, "for ida", { toUserIds: ["ida", "outsider"] });
    await arrival(node, 4);
    await settle(node, 4);
    expect(node.pushes[3]?.userId).toBe("ida");
  });

  test("is not for chatrooms, nor for who is online somewhere, and of a group of thousands reaches all", async () => {
    const node = world.newNode();
    const many = Array.from({ length: 1203 }, (_, index) => `m${index}`);
    const hall = await world.newConversation([], "chatroom");
    await sayIn(node.core, hall, "x");
    const group = await world.newConversation(["ann", ...many]);
    await world.reach(...many);
    const leaseId = await world.store.nodes.takeLease(
      { nodeId: "n", address: "", version: "" },
      60_000,
      false,
    );
    const online = { userId: "m7", deviceId: "web", connectionId: 1, platform: "web", openedAt: 0 };
    const update = { left: [], returned: [], claimed: [], arrived: [online] };
    await node.core.store.updatePresence(leaseId, update, null);
    await sayIn(node.core, group, "x");
    await arrival(node, many.length - 1);
    expect(receivers(node)).toEqual(many.filter((userId) => userId !== "m7").sort());
    expect(node.pushes[0]?.badge).toBeNull();
  });
});

describe("what could not be sent", () => {
  test("is tried again, and addresses that are dead are forgotten", async () => {
    const node = world.newNode({ retries: [1, 1] });
    await world.reach("lea", "max");
    const group = await world.newConversation(["ann", "lea", "max"]);
    let failures = 2;
    node.outcome = ({ userId }: Push) => {
      if (userId === "max") return "dead";
      return failures-- > 0 ? "failed" : "sent";
    };
    await sayIn(node.core, group, "x");
    await until("it is sent", () => node.pusher.stats.sent === 1);
    expect(receivers(node)).toEqual(["lea", "lea", "lea", "max"]);
    node.outcome = () => "sent";
    await sayIn(node.core, group, "y");
    await arrival(node, 5);
    await settle(node, 5);
    expect(node.pushes[4]?.userId).toBe("lea");
  });

  test("is left to the next who looks when the provider is down, or the node is gone before it began", async () => {
    const down = world.newNode({ hold: 1, retries: [] });
    down.outcome = () => "throw";
    await world.reach("nat");
    const talk = await openConversation(down.core, "ann", { kind: "direct", id: "nat" });
    await sayIn(down.core, talk, "one", { push: { text: "One" } });
    await until("it has failed", () => down.pusher.stats.failed === 1);
    down.pusher.stop();
    await sayIn(down.core, talk, "two");
    const next = world.newNode({ sweep: 5 });
    await arrival(next, 2);
    expect(next.pushes.map(({ text }) => text).sort()).toEqual(["One", "two"]);
    await done(next, 2);
    expect([down.errors, next.errors]).toEqual([[], []]);
    next.pusher.stop();
  });

  test("is dropped when it is too late, or the message is recalled", async () => {
    const gone = world.newNode({ hold: 1 });
    gone.pusher.stop();
    await world.reach("oli");
    const talk = await openConversation(gone.core, "ann", { kind: "direct", id: "oli" });
    await sayIn(gone.core, talk, "late");
    const strict = world.newNode({ sweep: 5, tooLate: 0 });
    await done(strict, 1);
    strict.pusher.stop();
    const { message } = await sayIn(gone.core, talk, "recalled");
    await gone.core.store.change({ conversationId: talk.id, of: message.sentAt, kind: "recall", by: null });
    const next = world.newNode({ sweep: 5 });
    await done(next, 1);
    await settle(next, 0);
    expect(strict.pushes).toEqual([]);
    next.pusher.stop();
  });
});

describe("a notification of the app's own", () => {
  test("goes to who is meant, online or not, and on where it was left", async () => {
    const crashed = world.newNode();
    crashed.pusher.stop();
    await world.reach("pam", "quin");
    await crashed.core.store.setUserTags(["pam", "quin", "unreachable"], ["vip"]);
    const id = await pushToAudience(crashed.core, {
      ...{ audience: { tags: ["vip"] }, title: "News", text: "Sale", platforms: ["android"] },
      byPlatform: { android: { text: "Sale!", data: "{}", badge: 3 } },
    });
    const next = world.newNode({ sweep: 5 });
    await arrival(next, 2);
    expect(receivers(next)).toEqual(["pam", "quin"]);
    expect(next.pushes[0]).toMatchObject({
      id,
      title: "News",
      text: "Sale!",
      data: "{}",
      badge: 3,
      about: null,
    });
    await until("it is over", async () => (await world.store.pushes.claimPushJobs(10, 0)).length === 0);
    await pushToAudience(next.core, { audience: { userIds: ["pam"] }, text: "x", platforms: ["ios"] });
    await until("it is over", async () => (await world.store.pushes.claimPushJobs(10, 0)).length === 0);
    await settle(next, 2);
    next.pusher.stop();
  });

  test("with a message gives it to everybody meant, once, and notifies them as of any message", async () => {
    const node = world.newNode({ sweep: 5 });
    await world.reach("rae");
    await presetSettings(node.core, "rae", { kind: "system", id: "news" }, { muteLevel: -1 });
    await pushToAudience(node.core, {
      ...{ audience: { userIds: ["rae", "sue"] }, text: "Read this" },
      message: { senderId: "news", type: "text", content: '{"text":"All of it"}' },
    });
    await arrival(node);
    expect(node.pushes[0]).toMatchObject({ userId: "rae", text: "Read this", about: { kind: "system" } });
    for (const userId of ["rae", "sue"]) {
      const [state] = await node.core.store.listConversations(userId, {
        ...{ before: null, tagId: null, limit: 1, unreadCap: 9 },
      });
      expect([state?.unread, state?.lastMessage?.senderId]).toEqual([1, "news"]);
    }
    node.pusher.stop();
  });
});
