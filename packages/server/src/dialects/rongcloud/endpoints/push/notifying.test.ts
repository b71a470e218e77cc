import { describe, expect, test } from "bun:test";
import { direct, say } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";
import { toldPushes } from "../../../../testing/told-pushes.ts";
import { until } from "../../../../testing/until.ts";

const world = useRongcloudWorld();
const told = toldPushes(() => world.native.i2a.server.log);

/** Makes users reachable, as an I2A back end does: with a Firebase token for a session. */
async function reach(...userIds: string[]): Promise<void> {
  for (const userId of userIds) {
    const { status } = await world.native.i2a.shop.call("POST", "session/open-session/", {
      ...{ device_identifier: "phone", application_user_identifier: userId, custom_data: "{}" },
      fcm_token: `secret token of ${userId}`,
    });
    expect(status).toBe(201);
  }
}
let watching: ReturnType<typeof world.client> | undefined;
async function isOnline(userId: string): Promise<boolean> {
  watching ??= world.client("watcher", "watch");
  const { users } = await (await watching).request("presence.watch", { userIds: [userId], seconds: 1 });
  return users[0]?.isOnline ?? false;
}
const text = (said: string) => JSON.stringify({ content: said });
const publish = (params: object) =>
  world.ok("/message/private/publish.json", {
    ...{ fromUserId: "ann", objectName: "RC:TxtMsg", content: text("Hello"), ...params },
  });

/** What was sent before is decided: every node has seen to something that came later. */
async function decided(): Promise<void> {
  await reach("bell");
  for (const [index] of world.native.i2a.nodes.entries())
    await publish({ toUserId: "bell", pushContent: `ding ${index}` });
  for (const [index] of world.native.i2a.nodes.entries()) await told.saying("bell", `ding ${index}`);
}

describe("messages", () => {
  test("of clients and of back ends are notified to who is offline on every node, and to nobody else", async () => {
    await reach("ann", "ben");
    const ann = await world.client("ann");
    await say(ann, direct("ben"), "Hello Ben");
    expect(await told.saying("ben", "Hello Ben")).toMatchObject({
      ...{ app: "shop", userId: "ben", deviceId: "phone", provider: "fcm", text: "Hello Ben", badge: 1 },
      about: { kind: "direct", conversationId: "ann", senderId: "ann", type: "text" },
    });
    const ben = await world.client("ben", "web");
    await until("ben is online", () => isOnline("ben"));
    await publish({ toUserId: "ben", content: text("while online") });
    await decided();
    ben.close();
    await until("ben is offline", async () => !(await isOnline("ben")));
    await publish({
      ...{ toUserId: "ben", pushContent: "P", pushData: "D", count: 5, pushExt: '{"title":"T"}' },
    });
    expect(await told.saying("ben", "P")).toMatchObject({ title: "T", data: "D", badge: 5 });
    expect([told.of("ben").length, told.of("ann")]).toEqual([2, []]);
    // The address of a device is for the provider alone.
    expect(world.native.i2a.server.log.join()).not.toContain("secret token");
  });

  test("name their sender, or the group, as the receiver is to see them", async () => {
    await reach("cid");
    await world.ok("/group/create.json", { userId: ["boss", "cid"], groupId: "team", groupName: "The Team" });
    await world.ok("/group/remarks/set.json", { userId: "boss", groupId: "team", remark: "Captain" });
    const send = (content: string, more: object = {}) =>
      world.ok("/message/group/publish.json", {
        ...{
          fromUserId: "boss",
          toGroupId: "team",
          objectName: "RC:TxtMsg",
          content: text(content),
          ...more,
        },
      });
    await send("one");
    expect((await told.saying("cid", "Captain: one")).title).toBe("The Team");
    await world.ok("/user/remarks/set.json", { userId: "cid", remarks: '[{"id":"boss","remark":"Dad"}]' });
    await send("two");
    expect((await told.saying("cid", "Dad: two")).title).toBe("The Team");
    await world.ok("/message/private/publish.json", {
      ...{ fromUserId: "boss", toUserId: "cid", objectName: "RC:ImgMsg" },
      content: JSON.stringify({ content: "", imageUri: "https://files.example/a.jpg" }),
    });
    expect((await told.saying("cid", "[image]")).title).toBe("Dad");
  });

  test("are not notified where that was switched off, by sender or receiver", async () => {
    await reach("dan", "eve");
    await world.ok("/group/create.json", { userId: ["ann", "dan", "eve"], groupId: "g", groupName: "G" });
    const mute = { conversationType: 3, requestId: "dan", targetId: "g" };
    await world.ok("/conversation/notification/set.json", { ...mute, unpushLevel: 1 });
    const send = (content: string, more: object = {}) =>
      world.ok("/message/group/publish.json", {
        ...{ fromUserId: "ann", toGroupId: "g", objectName: "RC:TxtMsg", content: text(content), ...more },
      });
    await send("for eve");
    await send("for nobody", { disablePush: true });
    const mentionedInfo = { type: 2, userIdList: ["dan"] };
    await send("", {
      ...{ isMentioned: 1, content: JSON.stringify({ content: "for both", mentionedInfo }) },
    });
    for (const [userId, said] of [
      ["eve", "for eve"],
      ["eve", "for both"],
      ["dan", "for both"],
    ] as const)
      await told.saying(userId, said);
    expect([told.of("eve").length, told.of("dan").length]).toEqual([2, 1]);
    // By the app's clock, eight hours ahead if nothing else is said.
    const startTime = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(11, 19);
    await world.ok("/user/blockPushPeriod/set.json", { userId: "eve", startTime, period: 120, level: 5 });
    await send("in the night");
    await world.ok("/conversation/type/notification/set.json", {
      ...{ conversationType: 1, requestId: "eve", unpushLevel: 5 },
    });
    await publish({ toUserId: "eve" });
    await decided();
    await world.ok("/user/blockPushPeriod/delete.json", { userId: "eve" });
    await send("again");
    await told.saying("eve", "again");
    expect(told.of("eve")).toHaveLength(3);
  });
});

describe("what the app says", () => {
  test("reaches an audience by tags, users and everybody, online or not", async () => {
    await reach("fay", "gil", "hal");
    await world.callJson("/user/tag/batch/set.json", {
      userIds: ["fay", "gil", "unreached"],
      tags: ["bj", "m"],
    });
    await world.callJson("/user/tag/set.json", { userId: "hal", tags: ["bj"] });
    const gil = await world.client("gil");
    const push = async (audience: object, more: object = {}) => {
      const { body } = await world.callJson("/push.json", {
        platform: ["ios", "android"],
        audience: { is_to_all: false, ...audience },
        notification: {
          alert: "Sale",
          title: "News",
          android: { alert: "Sale!", fcm: { channelId: "c" } },
          ...more,
        },
      });
      expect(body).toEqual({ code: 200, id: expect.stringMatching(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/) });
      return body.id as string;
    };
    const id = await push({ tag: ["bj", "m"] }, { alert: "Tags" });
    for (const userId of ["fay", "gil"])
      expect(await told.saying(userId, "Tags")).toMatchObject({
        ...{ id, title: "News", options: { FCM: { channelId: "c" } }, about: null },
      });
    expect(told.of("hal", "unreached")).toEqual([]);
    await push({ userid: ["hal"] }, { alert: "Ids" });
    await told.saying("hal", "Ids");
    await push({ is_to_all: true }, { alert: "All" });
    for (const userId of ["fay", "gil", "hal"]) await told.saying(userId, "All");
    gil.close();
    const custom = await world.callJson("/push/custom.json", {
      platform: ["android"],
      audience: { tagItems: [{ tags: ["bj"] }, { tags: ["m"], isNot: true }] },
      notification: { alert: "Custom" },
    });
    expect((await told.saying("hal", "Custom")).id).toBe(custom.body.id);
    const users = await world.callJson("/push/user.json", {
      userIds: ["hal"],
      notification: { title: "T", pushContent: "Users" },
    });
    expect(await told.saying("hal", "Users")).toMatchObject({ id: users.body.id, title: "T" });
    expect([told.of("fay").length, told.of("hal").length]).toEqual([2, 4]);
  });

  test("with a message is in everybody's inbox", async () => {
    await reach("ida");
    const jon = await world.client("jon");
    const { body } = await world.callJson("/push.json", {
      ...{ platform: ["android"], fromuserid: "news", audience: { userid: ["ida", "jon"] } },
      message: { objectName: "RC:TxtMsg", content: text("The whole story") },
      notification: { alert: "A story", title: "News" },
    });
    expect(body.code).toBe(200);
    const { conversation, from, content } = await jon.next("message");
    expect([conversation, from, content.text]).toEqual([
      { kind: "system", id: "news" },
      "news",
      "The whole story",
    ]);
    expect(await told.saying("ida", "A story")).toMatchObject({
      ...{ title: "News", about: { kind: "system", conversationId: "news" } },
    });
  });

  test("is refused when it is for nobody, or not as it must be", async () => {
    const good = {
      ...{ platform: ["ios"], audience: { is_to_all: true }, notification: { alert: "x" } },
    };
    for (const [wrong, code] of [
      [{ platform: ["web"] }, 1002],
      [{ platform: [] }, 1002],
      [{ audience: { is_to_all: false } }, 1002],
      [{ audience: { userid: [] } }, 1002],
      [{ audience: { tag: Array.from({ length: 21 }, (_, index) => `${index}`) } }, 1002],
      [{ notification: { title: "No alert" } }, 1002],
      [{ notification: { alert: "x", ios: { badge: 10_000 } } }, 1002],
      [{ notification: { alert: "x", ios: { extras: { a: "x".repeat(5000) } } } }, 1005],
      [{ message: { objectName: "RC:TxtMsg", content: text("x") } }, 1002],
      [{ message: { objectName: "RC:TxtMsg", content: "no JSON" }, fromuserid: "news" }, 1002],
    ] as const) {
      const { status, body } = await world.callJson("/push.json", { ...good, ...wrong });
      expect([JSON.stringify(wrong), status, body.code]).toEqual([JSON.stringify(wrong), 400, code]);
    }
  });
});
