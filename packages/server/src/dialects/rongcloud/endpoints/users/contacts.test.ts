/** Who may write to whom one to one, as clients on every node see it. */

import { describe, expect, test } from "bun:test";
import { changeApp } from "../../../../testing/change-app.ts";
import type { NativeClient } from "../../../../testing/native-client.ts";
import { direct, newClientId, say } from "../../../../testing/native-world.ts";
import { until } from "../../../../testing/until.ts";
import { useUserWorld } from "../../../../testing/user-world.ts";

const world = useUserWorld();

const attempt = (client: NativeClient, to: string) =>
  client.refusal("message.send", {
    conversation: direct(to),
    clientId: newClientId(),
    type: "text",
    content: { text: "hi" },
  });
/** Another node hears of a rule within moments. */
const untilRefused = (client: NativeClient, to: string, name: string) =>
  until(`${to} can't be written to: ${name}`, async () => (await attempt(client, to)) === name);
const untilAccepted = (client: NativeClient, to: string) =>
  until(`${to} can be written to`, async () => (await attempt(client, to)).startsWith("no refusal"));

describe("the blocklist", () => {
  test("keeps those on it from writing, one way, and not in groups, nor the back end", async () => {
    const [ann, ben, ann2] = [await world.join("ann"), await world.join("ben"), await world.join("ann")];
    const group = await world.native.group("ann", "ben");
    await untilAccepted(ann, "ben");
    const { sentAt } = await say(ann, direct("ben"), "before");
    await world.ok("/user/blacklist/add.json", { userId: "ben", blackUserId: ["ann", "xyz"] });
    for (const client of [ann, ann2]) await untilRefused(client, "ben", "blocked");
    const said = { conversation: direct("ben"), sentAt };
    expect(await ann.refusal("message.modify", { ...said, content: { text: "after" } })).toBe("blocked");
    await ann.request("message.recall", said);
    await untilAccepted(ben, "ann");
    await say(ann, group, "everybody");
    expect(
      (await ben.next("message", ({ conversation }) => conversation.kind === "group")).content.text,
    ).toBe("everybody");
    expect(await ann.refusal("signal.send", { conversation: direct("ben"), type: "typing" })).toBe("blocked");

    // On the list that isn't in use.
    await world.ok("/user/whitelist/add.json", { userId: "ben", whiteUserId: "ann" });
    await untilRefused(ann, "ben", "blocked");
    await world.ok("/user/blacklist/remove.json", { userId: "ben", blackUserId: "ann" });
    for (const client of [ann, ann2]) await untilAccepted(client, "ben");
  });

  test("keeps those on it from beginning a conversation", async () => {
    const [kim, lee] = [await world.join("kim"), await world.join("lee")];
    await world.ok("/user/blacklist/add.json", { userId: "lee", blackUserId: "kim" });
    // Nobody here has heard of the two: what the store has is asked.
    await untilRefused(kim, "lee", "blocked");
    expect((await lee.request("conversation.list", {})).conversations).toEqual([]);
    await say(lee, direct("kim"), "I write to whom I like");
    expect(await attempt(kim, "lee")).toBe("blocked");
    expect((await kim.request("conversation.list", {})).conversations).toHaveLength(1);
  });

  test("is listed page by page, newest first, under both of its names", async () => {
    const add = (blackUserId: string[]) =>
      world.ok("/user/blocklist/add.json", { userId: "cid", blackUserId });
    await add(["u1"]);
    await add(["u2"]);
    await add(["u3", "u1"]);
    const query = (params = {}) => world.ok("/user/blacklist/query.json", { userId: "cid", ...params });
    expect(await query()).toEqual({ code: 200, users: ["u3", "u2", "u1"] });
    const first = await query({ size: 2 });
    expect(first).toEqual({ code: 200, users: ["u3", "u2"], next: expect.any(String) });
    const last = await world.ok("/user/blocklist/query.json", { userId: "cid", pageToken: first.next });
    expect(last).toEqual({ code: 200, users: ["u1"] });
    expect((await world.bank.ok("/user/blacklist/query.json", { userId: "cid" })).users).toEqual([]);
    for (const pageToken of ["nonsense", "MS8A"])
      expect((await world.call("/user/blacklist/query.json", { userId: "cid", pageToken })).body.code).toBe(
        1002,
      );
  });

  test("holds as many as the app says", async () => {
    await changeApp(world.native.i2a.nodes, "shop", { settings: { maxContacts: 2 } });
    const add = async (id: string, blackUserId: string[]) =>
      (await world.call("/user/blacklist/add.json", { userId: id, blackUserId })).body;
    let tried = 0;
    await until("three are too many", async () => (await add(`d${++tried}`, ["a", "b", "c"])).code === 1002);
    expect((await world.ok("/user/blacklist/query.json", { userId: `d${tried}` })).users).toEqual([]);
    await changeApp(world.native.i2a.nodes, "shop", { settings: { maxContacts: null } });
  });
});

describe("the allowlist", () => {
  test("where it is in use, lets nobody else write", async () => {
    const [eve, fay] = [await world.join("eve"), await world.join("fay")];
    await untilAccepted(eve, "fay");
    await world.ok("/user/whitesetting/set.json", { userId: "fay", whiteSetting: 1 });
    const settings = await world.ok("/user/whitesetting/query.json", { userId: ["fay", "eve"] });
    expect(settings.users).toEqual([
      { whiteSetting: "1", userId: "fay" },
      { whiteSetting: "0", userId: "eve" },
    ]);
    await untilRefused(eve, "fay", "blocked");
    await untilAccepted(fay, "eve");
    await untilAccepted(fay, "fay");
    await world.ok("/user/whitelist/add.json", { userId: "fay", whiteUserId: ["eve"] });
    await untilAccepted(eve, "fay");
    expect((await world.ok("/user/whitelist/query.json", { userId: "fay" })).users).toEqual(["eve"]);
    await world.ok("/user/whitelist/remove.json", { userId: "fay", whiteUserId: ["eve"] });
    await untilRefused(eve, "fay", "blocked");
    await world.ok("/user/whitesetting/set.json", { userId: "fay", whiteSetting: 0 });
    await untilAccepted(eve, "fay");
  });

  test("may be the whole app's", async () => {
    const gus = await world.join("gus");
    await untilAccepted(gus, "hal");
    await changeApp(world.native.i2a.nodes, "shop", { settings: { usesAllowlists: true } });
    await untilRefused(gus, "hal", "blocked");
    await until("going back is refused", async () => {
      const { body } = await world.call("/user/whitesetting/set.json", { userId: "hal", whiteSetting: 0 });
      return body.code === 1002;
    });
    await changeApp(world.native.i2a.nodes, "shop", { settings: { usesAllowlists: null } });
    await untilAccepted(gus, "hal");
  });
});

describe("who is muted one to one", () => {
  test("can't write there, is listed, and writes to groups as before", async () => {
    const [ida, jan] = [await world.join("ida"), await world.join("jan")];
    const group = await world.native.group("ida", "jan");
    await untilAccepted(ida, "jan");
    const set = (state: number, userId: string[]) =>
      world.ok("/user/chat/fb/set.json", { userId, state, type: "PERSON" });
    await set(1, ["ida"]);
    await set(1, ["xyz"]);
    await untilRefused(ida, "jan", "muted");
    await untilAccepted(jan, "ida");
    await say(ida, group, "in the group");
    const list = (params = {}) => world.ok("/user/chat/fb/querylist.json", { type: "PERSON", ...params });
    expect(await list()).toEqual({ code: 200, total: 2, users: ["ida", "xyz"] });
    expect(await list({ num: 1, offset: 1 })).toEqual({ code: 200, total: 2, users: ["xyz"] });
    expect((await world.bank.ok("/user/chat/fb/querylist.json", { type: "PERSON" })).users).toEqual([]);
    await set(0, ["ida", "xyz"]);
    await untilAccepted(ida, "jan");
    expect(await list()).toEqual({ code: 200, total: 0, users: [] });
  });
});

test.each<[string, object, string]>([
  ["/user/blacklist/add.json", { userId: "u" }, "blackUserId"],
  [
    "/user/blacklist/add.json",
    { userId: "u", blackUserId: Array.from({ length: 21 }, (_, n) => `${n}`) },
    "blackUserId",
  ],
  ["/user/blacklist/query.json", { userId: "u", size: 1001 }, "size"],
  ["/user/whitelist/remove.json", { whiteUserId: "u" }, "userId"],
  ["/user/whitesetting/set.json", { userId: "u", whiteSetting: 2 }, "whiteSetting"],
  ["/user/chat/fb/set.json", { userId: "u", state: 1 }, "type"],
  ["/user/chat/fb/set.json", { userId: "u", state: 1, type: "GROUP" }, "type"],
  ["/user/chat/fb/set.json", { userId: "u", state: 2, type: "PERSON" }, "state"],
  ["/user/chat/fb/querylist.json", { type: "PERSON", num: 201 }, "num"],
])("%s: refusal %#", async (path, params, name) => {
  const { status, body } = await world.call(path, params as Record<string, unknown>);
  expect([status, body.code]).toEqual([400, 1002]);
  expect(body.errorMessage).toContain(name);
});
