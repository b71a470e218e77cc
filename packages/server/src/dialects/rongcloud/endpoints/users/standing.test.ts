/** Who is shut out for a time, who goes for good, and what of it clients see. */

import { describe, expect, test } from "bun:test";
import { changeApp } from "../../../../testing/change-app.ts";
import { direct, say, textsOf } from "../../../../testing/native-world.ts";
import { TestSocket } from "../../../../testing/test-socket.ts";
import { until } from "../../../../testing/until.ts";
import { useUserWorld } from "../../../../testing/user-world.ts";

const world = useUserWorld();
const userIds = (users: { userId: string }[]) => users.map(({ userId }) => userId);

describe("a blocked user", () => {
  test("is cut at once on every device, kept out, and finds what was sent meanwhile", async () => {
    const token = await world.token("ann");
    const devices = [await world.open(token), await world.open(token), await world.open(token)];
    const session = await world.native.i2a.shop.token("ann", "old phone");
    const { socketUrl } = world.native.i2a.server;
    const socket = await TestSocket.open(`${socketUrl}/socket/`, { "x-token": session });
    const ben = await world.join("ben");
    await world.ok("/user/block.json", { userId: ["ann", "nobody"], minute: 10 });
    for (const { closed } of devices)
      expect(await closed).toEqual({ code: 4202, reason: '{"name":"userBlocked"}' });
    expect((await socket.closed).code).toBe(1000);
    expect([await world.knock(token), await world.knock(session)]).toEqual(["userBlocked", "userBlocked"]);
    const { url } = world.native.i2a.server;
    expect((await fetch(`${url}/socket/?token=${session}`)).status).toBe(403);
    expect(await world.knock(await world.token("ann"))).toBe("userBlocked");
    await until("she is offline", async () => {
      const { status } = await world.ok("/user/checkOnline.json", { userId: "ann" });
      return status === "0";
    });
    await say(ben, direct("ann"), "are you there?");

    const query = async (params = {}) => (await world.ok("/user/block/query.json", params)).users;
    expect(userIds(await query()).sort()).toEqual(["ann", "nobody"]);
    await world.ok("/user/block.json", { userId: "ben2", minute: 43_200 });
    expect(userIds(await query())[0]).toBe("ben2");
    expect(userIds(await query({ page: 1, size: 1 }))).toEqual(["ben2"]);
    expect(await query({ page: 4, size: 1 })).toEqual([]);
    const [{ blockEndTime }] = await query({ page: 1, size: 1 });
    const days = (Date.parse(`${blockEndTime.replace(" ", "T")}+08:00`) - Date.now()) / 86_400_000;
    expect(days).toBeWithin(29.9, 30.1);
    expect((await world.bank.ok("/user/block/query.json")).users).toEqual([]);

    await world.ok("/user/unblock.json", { userId: ["ann", "nobody", "ben2"] });
    expect(await query()).toEqual([]);
    const back = await world.open(token);
    const { messages } = await back.request("message.history", { conversation: direct("ben") });
    expect(textsOf(messages)).toEqual(["are you there?"]);
  });

  test("of another app with the same id is somebody else", async () => {
    const cid = await world.join("cid");
    await world.bank.ok("/user/block.json", { userId: "cid", minute: 1 });
    await cid.request("ping", {});
    expect(await world.knock(await world.token("cid"))).toBe("welcome");
  });

  test.each<[string, object, string]>([
    ["/user/block.json", { userId: "u" }, "minute"],
    ["/user/block.json", { userId: "u", minute: 0 }, "minute"],
    ["/user/block.json", { userId: "u", minute: 43_201 }, "minute"],
    ["/user/block.json", { userId: Array.from({ length: 21 }, (_, n) => `u${n}`), minute: 1 }, "userId"],
    ["/user/unblock.json", {}, "userId"],
    ["/user/block/query.json", { page: 1, size: 1001 }, "size"],
    ["/user/deactivate.json", { userId: Array.from({ length: 101 }, (_, n) => `u${n}`).join() }, "userId"],
    ["/user/deactivate/query.json", { pageNo: 0 }, "pageNo"],
    ["/user/deactivate/query.json", { pageSize: 51 }, "pageSize"],
  ])("%s: refusal %#", async (path, params, name) => {
    const { status, body } = await world.call(path, params as Record<string, unknown>);
    expect([status, body.code]).toEqual([400, 1002]);
    expect(body.errorMessage).toContain(name);
  });
});

describe("a deactivated user", () => {
  const isErased = async (userId: string) => (await world.ok("/user/info.json", { userId })).userName === "";

  test("is logged out, loses what was theirs alone, stays a member, and may come back later", async () => {
    const token = await world.token("dan");
    const dan = await world.open(token);
    const eve = await world.join("eve");
    const group = await world.native.group("dan", "eve");
    await say(dan, group, "from dan");
    await say(eve, direct("dan"), "for dan");
    await dan.request("conversation.update", { conversation: group, isPinned: true, mute: 5 });
    await world.ok("/user/blacklist/add.json", { userId: "dan", blackUserId: "gus" });

    const { operateId } = await world.ok("/user/deactivate.json", { userId: "dan,nobody" });
    expect(operateId).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    expect(await dan.closed).toEqual({ code: 4206, reason: '{"name":"userDeactivated"}' });
    expect(await world.knock(token)).toBe("userDeactivated");
    await world.ok("/user/deactivate.json", { userId: "dan" });
    const listed = async (params = {}) => (await world.ok("/user/deactivate/query.json", params)).users;
    expect(await listed()).toEqual(["dan", "nobody"]);
    expect(await listed({ pageNo: 2, pageSize: 1 })).toEqual(["nobody"]);
    expect((await world.bank.ok("/user/deactivate/query.json")).users).toEqual([]);
    await until("it is erased", () => isErased("dan"));
    expect((await world.ok("/user/blacklist/query.json", { userId: "dan" })).users).toEqual([]);

    const early = await world.call("/user/reactivate.json", { userId: "dan,eve" });
    expect([early.status, early.body.code]).toEqual([400, 1002]);
    expect(early.body.errorMessage).toContain("dan");
    expect(await world.knock(token)).toBe("userDeactivated");
    await changeApp(world.native.i2a.nodes, "shop", { settings: { reactivationMinutes: 0 } });
    await until("they may come back", async () => {
      const { body } = await world.call("/user/activate.json", { userId: "dan,nobody,eve" });
      return body.code === 200;
    });
    expect(await listed()).toEqual([]);
    expect(await world.knock(token)).toBe("unauthorized");
    const back = await world.join("dan");
    expect((await back.request("conversation.list", {})).conversations).toEqual([]);
    for (const conversation of [group, direct("eve")])
      expect((await back.request("message.history", { conversation })).messages).toEqual([]);
    await say(eve, group, "welcome back");
    expect(
      (await back.next("message", ({ conversation }) => conversation.id === group.id)).content.text,
    ).toBe("welcome back");
    const [state] = (await back.request("conversation.list", {})).conversations;
    expect(state).toMatchObject({ unread: 1, settings: { isPinned: false, mute: 0 } });
    const seen = await eve.request("message.history", { conversation: group });
    expect(textsOf(seen.messages).sort()).toEqual(["from dan", "welcome back"]);
  });
});
