import { describe, expect, test } from "bun:test";
import type { ConversationRef } from "@parlance/protocol";
import type { NativeClient } from "../../../../testing/native-client.ts";
import { newClientId, say } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";
import { until } from "../../../../testing/until.ts";

const world = useRongcloudWorld();

let made = 0;
const newId = (what = "u") => `${what}${++made}`;
const ref = (id: string): ConversationRef => ({ kind: "group", id });

async function room(...names: string[]) {
  const groupId = newId("g");
  const userIds = names.map((name) => newId(name));
  await world.ok("/group/create.json", { userId: userIds, groupId, groupName: "G" });
  const clients = await Promise.all(userIds.map((userId) => world.client(userId)));
  return { groupId, userIds, clients } as { groupId: string; userIds: string[]; clients: NativeClient[] };
}

const attempt = async (client: NativeClient, groupId: string): Promise<string> => {
  const sending = {
    conversation: ref(groupId),
    clientId: newClientId(),
    type: "text",
    content: { text: "?" },
  };
  const reply = await client.ask("message.send", sending);
  return "error" in reply ? reply.error.name : "sent";
};
/** On several nodes the others hear of it a moment later. */
const becomes = (client: NativeClient, groupId: string, outcome: "muted" | "sent") =>
  until(`a send is ${outcome}`, async () => (await attempt(client, groupId)) === outcome);

const gags = async (groupId?: string) => (await world.ok("/group/user/gag/list.json", { groupId })).users;

describe("mutes of users", () => {
  test("bind what their clients send, in this group, until they are lifted", async () => {
    const { groupId, userIds, clients } = await room("ann", "ben");
    const [ann, ben] = clients as [NativeClient, NativeClient];
    const other = newId("g");
    await world.ok("/group/create.json", { userId: userIds, groupId: other, groupName: "Other" });
    const { sentAt } = await say(ann, ref(groupId), "before");
    await world.ok("/group/user/gag/add.json", { userId: userIds[0], groupId, minute: 30 });
    await becomes(ann, groupId, "muted");
    expect(await attempt(ann, other)).toBe("sent");
    expect(await attempt(ben, groupId)).toBe("sent");
    await ann.next("message", ({ from }) => from === userIds[1]);

    const target = { conversation: ref(groupId), sentAt };
    expect(await ann.refusal("message.modify", { ...target, content: { text: "!" } })).toBe("muted");
    expect(await ann.refusal("message.setKeys", { ...target, keys: { a: "b" } })).toBe("muted");
    expect(await ann.refusal("signal.send", { conversation: ref(groupId), type: "typing" })).toBe("muted");
    await ann.request("message.recall", target);

    const [gag] = await gags(groupId);
    expect(gag).toEqual({
      userId: userIds[0],
      startTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      time: expect.any(String),
    });
    expect(Date.parse(`${gag.time}Z`) - Date.parse(`${gag.startTime}Z`)).toBe(30 * 60_000);
    await world.ok("/group/user/gag/rollback.json", { userId: userIds, groupId });
    await becomes(ann, groupId, "sent");
    expect(await gags(groupId)).toEqual([]);
  });

  test("stay when the user leaves and joins, and the group is dismissed and made again", async () => {
    const { groupId, userIds, clients } = await room("ann");
    const [ann] = clients as [NativeClient];
    await world.ok("/group/user/gag/add.json", { userId: userIds[0], groupId, minute: 0 });
    await becomes(ann, groupId, "muted");
    await world.ok("/group/quit.json", { userId: userIds, groupId });
    await world.ok("/group/dismiss.json", { userId: userIds[0], groupId });
    await world.ok("/group/create.json", { userId: userIds, groupId, groupName: "G" });
    await until("Ann is back", async () => (await attempt(ann, groupId)) !== "notMember");
    expect(await attempt(ann, groupId)).toBe("muted");
    expect(await gags(groupId)).toMatchObject([{ userId: userIds[0], time: "9999-12-31 23:59:59" }]);
  });

  test("in all groups hold in each, beside those of single ones", async () => {
    const { groupId, userIds, clients } = await room("ann", "ben");
    const [ann, ben] = clients as [NativeClient, NativeClient];
    const [a] = userIds;
    const later = newId("g");
    await world.ok("/group/user/gag/add.json", { userId: a, minute: 10 });
    await becomes(ann, groupId, "muted");
    await world.ok("/group/create.json", { userId: userIds, groupId: later, groupName: "Later" });
    await until("Ann is in", async () => (await attempt(ann, later)) !== "notMember");
    expect([await attempt(ann, later), await attempt(ben, groupId)]).toEqual(["muted", "sent"]);
    expect((await gags()).map(({ userId }: { userId: string }) => userId)).toEqual([a]);
    expect(await gags(groupId)).toEqual([]);
    await world.ok("/group/user/gag/add.json", { userId: a, groupId, minute: 10 });
    await world.ok("/group/user/gag/rollback.json", { userId: a, groupId: "0" });
    await becomes(ann, later, "sent");
    expect(await attempt(ann, groupId)).toBe("muted");
    expect(await gags("")).toEqual([]);
  });

  test("bind those on I2A's socket, and not the app", async () => {
    const { groupId, userIds, clients } = await room("ann", "ben");
    const [, ben] = clients as [NativeClient, NativeClient];
    const socket = await world.native.i2a.connect(userIds[0] as string, "tablet");
    const chat_room_identifier = world.native.roomOf(ref(groupId));
    await world.ok("/group/user/gag/add.json", { userId: userIds[0], groupId, minute: 1 });
    await until("Ann is muted", async () => {
      socket.send({ type: "ROUTABLE", chat_room_identifier, message: "?" });
      const { value } = await socket.next(({ value: { type } }) => type === "ERROR" || type === "ROUTABLE");
      return value.type === "ERROR" && value.exception.error_code === 10010;
    });
    await world.ok("/group/join.json", {
      ...{ userId: userIds[0], groupId, bindNotifyMsg: 1, isPersisted: 1 },
      ...{ fromUserId: userIds[0], objectName: "RC:TxtMsg", content: '{"content":"by the app"}' },
    });
    await ben.next("message", ({ content }) => content.text === "by the app");
  });
});

describe("mutes of whole groups", () => {
  test("let those on the whitelist write, unless they are muted themselves", async () => {
    const { groupId, userIds, clients } = await room("ann", "ben", "cid");
    const [ann, ben, cid] = clients as [NativeClient, NativeClient, NativeClient];
    const [a, b] = userIds;
    await world.ok("/group/user/ban/whitelist/add.json", { userId: [a, b], groupId });
    await world.ok("/group/ban/add.json", { groupId });
    await becomes(cid, groupId, "muted");
    expect([await attempt(ann, groupId), await attempt(ben, groupId)]).toEqual(["sent", "sent"]);
    expect((await world.ok("/group/user/ban/whitelist/query.json", { groupId })).userIds).toEqual([a, b]);
    await world.ok("/group/user/gag/add.json", { userId: a, groupId, minute: 5 });
    await becomes(ann, groupId, "muted");
    await world.ok("/group/user/ban/whitelist/rollback.json", { userId: b, groupId });
    await becomes(ben, groupId, "muted");
    await world.ok("/group/ban/rollback.json", { groupId });
    await becomes(ben, groupId, "sent");
    await becomes(cid, groupId, "sent");
    expect(await attempt(ann, groupId)).toBe("muted");
  });

  test("stay when the group is dismissed and made again", async () => {
    const { groupId, userIds, clients } = await room("ann");
    const [ann] = clients as [NativeClient];
    await world.ok("/group/ban/add.json", { groupId });
    await world.ok("/group/dismiss.json", { userId: "x", groupId });
    await world.ok("/group/create.json", { userId: userIds, groupId, groupName: "G" });
    await becomes(ann, groupId, "muted");
  });

  test("are listed and asked for", async () => {
    const ids = [newId("z"), newId("z"), newId("z")].sort();
    await world.ok("/group/ban/add.json", { groupId: [ids[0], ids[2]] });
    const query = async (params: object) =>
      (await world.ok("/group/ban/query.json", params as Record<string, unknown>)).groupinfo;
    expect(await query({ groupId: [ids[2], ids[1], ids[0]] })).toEqual([
      { groupId: ids[2], stat: 1 },
      { groupId: ids[1], stat: 0 },
      { groupId: ids[0], stat: 1 },
    ]);
    const all = await query({});
    expect(all.filter(({ groupId }: { groupId: string }) => ids.includes(groupId))).toEqual([
      { groupId: ids[0], stat: 1 },
      { groupId: ids[2], stat: 1 },
    ]);
    expect(await query({ groupId: ids[1], page: 1, size: 200 })).toEqual(all);
    expect(await query({ page: all.length, size: 1 })).toEqual(all.slice(-1));
    expect(await query({ page: 2, size: 200 })).toEqual([]);
    expect((await world.bank.ok("/group/ban/query.json")).groupinfo).toEqual([]);
  });
});

test("another app's mutes bind nobody here", async () => {
  const { groupId, userIds, clients } = await room("ann");
  await world.bank.ok("/group/ban/add.json", { groupId });
  await world.bank.ok("/group/user/gag/add.json", { userId: userIds, minute: 0 });
  await world.bank.ok("/group/user/gag/add.json", { userId: userIds, groupId, minute: 0 });
  expect(await attempt(clients[0] as NativeClient, groupId)).toBe("sent");
  expect(await gags(groupId)).toEqual([]);
});

test("wrong calls are refused by the parameter's name", async () => {
  const users = Array.from({ length: 21 }, (_, index) => `u${index}`);
  const refusals: [string, Record<string, unknown>, number, RegExp][] = [
    ["/group/user/gag/add.json", { userId: users, groupId: "g", minute: 1 }, 1002, /userId/],
    ["/group/user/gag/add.json", { userId: "u", groupId: "g" }, 1002, /minute/],
    ["/group/user/gag/add.json", { userId: "u", groupId: "g", minute: 43_201 }, 1002, /minute/],
    ["/group/user/gag/add.json", { userId: "u", groupId: "g", minute: -1 }, 1002, /minute/],
    ["/group/user/gag/add.json", { userId: "u", groupId: "g".repeat(65), minute: 1 }, 1005, /groupId/],
    ["/group/user/gag/rollback.json", { groupId: "g" }, 1002, /userId/],
    ["/group/ban/add.json", {}, 1002, /groupId/],
    ["/group/ban/add.json", { groupId: users }, 1002, /groupId/],
    ["/group/ban/query.json", { size: 201 }, 1002, /size/],
    ["/group/user/ban/whitelist/add.json", { userId: "u" }, 1002, /groupId/],
    ["/group/user/ban/whitelist/query.json", {}, 1002, /groupId/],
  ];
  for (const [path, params, code, name] of refusals) {
    const { body } = await world.call(path, params);
    expect([path, body.code]).toEqual([path, code]);
    expect(body.errorMessage).toMatch(name);
  }
});

test("no more than so many users are muted in all groups", async () => {
  const users = Array.from({ length: 101 }, (_, index) => `crowd${index}`);
  const mute = (userId: string[]) => world.bank.call("/group/user/gag/add.json", { userId, minute: 1 });
  for (let from = 0; from < 80; from += 20) await mute(users.slice(from, from + 20));
  const before = (await world.bank.ok("/group/user/gag/list.json")).users.length;
  expect(before).toBeWithin(80, 90);
  const refused = await mute(users.slice(80, 101 - before + 80));
  expect([refused.status, refused.body.code]).toEqual([400, 1002]);
  expect(refused.body.errorMessage).toContain("100");
  expect((await world.bank.ok("/group/user/gag/list.json")).users).toHaveLength(before);
});
