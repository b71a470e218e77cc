import { describe, expect, test } from "bun:test";
import { createUserToken } from "../../../../core/users/user-token.ts";
import { changeApp } from "../../../../testing/change-app.ts";
import { testApps } from "../../../../testing/test-server.ts";
import { TestSocket } from "../../../../testing/test-socket.ts";
import { until } from "../../../../testing/until.ts";
import { useUserWorld } from "../../../../testing/user-world.ts";

const world = useUserWorld();
const dateText = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

describe("a token", () => {
  test("names its user and the deployment, and is another one each time", async () => {
    const answers = [];
    for (let count = 0; count < 2; count++)
      answers.push(await world.ok("/user/getToken.json", { userId: "ann", name: "Ann" }));
    const [first, second] = answers;
    expect(first).toMatchObject({ code: 200, userId: "ann" });
    expect(first.token).not.toBe(second.token);
    const [, hosts] = first.token.split("@");
    const [host, backup] = hosts.split(";");
    expect(backup).toBe(host);
    expect(world.native.i2a.nodes.map(({ url }) => url)).toContain(host);
  });

  test("opens any number of devices, at either socket, with what is behind the @ and without", async () => {
    const token = await world.token("bea");
    const other = await world.token("bea");
    const [bare] = token.split("@") as [string];
    const clients = [await world.open(token), await world.open(bare), await world.open(other)];
    const { socketUrl } = world.native.i2a.server;
    const socket = await TestSocket.open(`${socketUrl}/socket/?token=${encodeURIComponent(token)}`);
    socket.send({ type: "PING" });
    expect(new Set(clients.map(({ welcome }) => welcome.deviceId)).size).toBe(3);
    expect(clients.map(({ welcome }) => welcome.user.id)).toEqual(["bea", "bea", "bea"]);
    for (const client of clients) await client.request("ping", {});
    socket.close();
  });

  test("leaves it to the client which device it is, and a device is connected once", async () => {
    const token = await world.token("cid");
    const older = await world.open(token, "tablet");
    const phone = await world.open(token, "phone");
    expect(older.welcome.deviceId).toBe("tablet");
    const newer = await world.open(token, "tablet");
    expect((await older.closed).code).toBe(4200);
    await newer.request("ping", {});
    await phone.request("ping", {});
    expect((await world.open(token, "x".repeat(65))).welcome.deviceId).toHaveLength(36);
  });

  test("is refused when anything of it is changed, and in another app", async () => {
    const token = await world.token("dan");
    const [bare] = token.split("@") as [string];
    const middle = bare[40] === "A" ? "B" : "A";
    for (const wrong of [
      `${bare.slice(0, 40)}${middle}${bare.slice(41)}`,
      bare.replace(":shop", ":bank"),
      bare.slice(0, 30),
      "u.:shop",
      "u.AAAA:shop",
      `${bare}@`.replace("u.", "u"),
    ])
      expect([wrong, await world.knock(wrong)]).toEqual([wrong, "unauthorized"]);
    expect(await world.knock(bare)).toBe("welcome");
  });

  test("from before a moment is worthless after it; who is connected stays", async () => {
    const token = await world.token("eve");
    const session = await world.native.i2a.shop.token("eve");
    const kept = await world.token("fay");
    const client = await world.open(token);
    const later = Date.now() + 60_000;
    await world.ok("/user/token/expire.json", { userId: ["eve", "nobody"], time: later });
    expect([await world.knock(token), await world.knock(session), await world.knock(kept)]).toEqual([
      "unauthorized",
      "unauthorized",
      "welcome",
    ]);
    await client.request("ping", {});
    expect(await world.knock(await world.token("eve"))).toBe("welcome");
    // Back to an older moment is no way back.
    await world.ok("/user/token/expire.json", { userId: "eve", time: 1 });
    expect(await world.knock(token)).toBe("unauthorized");
  });

  test("ends with the secret that signed it, and with its hours", async () => {
    const { nodes } = world.native.i2a;
    /** On every node, since calls take turns. */
    const onEveryNode = async (token: string, answer: string) => {
      for (const _ of nodes) await until(answer, async () => (await world.knock(token)) === answer);
    };
    const token = await world.bank.token("ann");
    expect(await world.knock(token)).toBe("welcome");
    await changeApp(nodes, "bank", { secret: "another-secret-of-bank" });
    await onEveryNode(token, "unauthorized");

    const now = await world.token("gus");
    const old = createUserToken(testApps.shop, { userId: "gus", issuedAt: Date.now() - 7_200_000 });
    // Older than the user.
    expect(await world.knock(old)).toBe("unauthorized");
    await changeApp(nodes, "shop", { settings: { tokenHours: 1 } });
    await onEveryNode(old, "tokenExpired");
    expect(await world.knock(now)).toBe("welcome");
    await changeApp(nodes, "shop", { settings: { tokenHours: null } });
    await onEveryNode(old, "unauthorized");
  });
});

describe("what an app says of its users", () => {
  test("is kept, and changed by what is named", async () => {
    const register = { userId: "hal", name: "Hal 小明", portraitUri: "https://x/?a=b" };
    await world.ok("/user/getToken.json", register);
    const info = () => world.ok("/user/info.json", { userId: "hal" });
    const first = await info();
    expect(first).toEqual({
      code: 200,
      userName: "Hal 小明",
      userPortrait: "https://x/?a=b",
      createTime: expect.stringMatching(dateText),
    });
    const beijing = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 13).replace("T", " ");
    const earlier = new Date(Date.now() + 8 * 3_600_000 - 600_000)
      .toISOString()
      .slice(0, 13)
      .replace("T", " ");
    expect([beijing, earlier]).toContain(first.createTime.slice(0, 13));
    await world.ok("/user/refresh.json", { userId: "hal", name: "Hal" });
    expect(await info()).toEqual({ ...first, userName: "Hal" });
    await world.ok("/user/refresh.json", { userId: "hal", portraitUri: "https://y" });
    await world.ok("/user/getToken.json", { userId: "hal", name: "Henry" });
    expect(await info()).toEqual({ ...first, userName: "Henry", userPortrait: "https://y" });
    const unknown = { code: 400, errorMessage: "The user id does not exist." };
    for (const path of ["/user/info.json", "/user/refresh.json"])
      expect((await world.call(path, { userId: "nobody" })).body).toMatchObject({ ...unknown, url: path });
    expect((await world.bank.call("/user/info.json", { userId: "hal" })).status).not.toBe(200);
  });

  test.each<[string, object, number, string]>([
    ["/user/getToken.json", { userId: "u" }, 1002, "name"],
    ["/user/getToken.json", { name: "u" }, 1002, "userId"],
    ["/user/getToken.json", { userId: "u".repeat(65), name: "u" }, 1005, "userId"],
    ["/user/getToken.json", { userId: "u", name: "明".repeat(65) }, 1005, "name"],
    ["/user/getToken.json", { userId: "u", name: "u", portraitUri: "x".repeat(1025) }, 1005, "portraitUri"],
    ["/user/token/expire.json", { userId: "u" }, 1002, "time"],
    ["/user/token/expire.json", { userId: "u", time: "soon" }, 1002, "time"],
    [
      "/user/token/expire.json",
      { userId: Array.from({ length: 21 }, (_, n) => `u${n}`), time: 1 },
      1002,
      "userId",
    ],
    ["/user/query.json", { pageSize: 101 }, 1002, "pageSize"],
    ["/user/query.json", { order: 2 }, 1002, "order"],
    ["/user/delusers.json", {}, 1002, "userId"],
  ])("%s: refusal %#", async (path, params, code, name) => {
    const { status, body } = await world.call(path, params as Record<string, unknown>);
    expect([status, body.code]).toEqual([400, code]);
    expect(body.errorMessage).toContain(name);
  });

  test("lists all of them, as many as there are, and knows who is online", async () => {
    for (const userId of ["q1", "q2", "q3"]) await world.token(userId);
    const page = async (params: object) => world.ok("/user/query.json", params as never);
    const { total, users } = await page({ pageSize: 100 });
    expect(users).toHaveLength(total);
    const ids = users.map((user: { userId: string }) => user.userId);
    expect(ids.filter((id: string) => id.startsWith("q"))).toEqual(["q1", "q2", "q3"]);
    expect(users.at(-1)).toEqual({
      userId: "q3",
      userName: "q3",
      userPortrait: "",
      regTime: expect.stringMatching(dateText),
    });
    expect(
      (await page({ pageSize: 2, order: 1 })).users.map((user: { userId: string }) => user.userId),
    ).toEqual(["q3", "q2"]);
    expect((await page({ page: 2, pageSize: 2, order: 1 })).users[0].userId).toBe("q1");

    const statusOf = async (userId: string) => (await world.ok("/user/checkOnline.json", { userId })).status;
    expect([await statusOf("q1"), await statusOf("nobody")]).toEqual(["0", "0"]);
    const client = await world.join("q1");
    await until("q1 is online", async () => (await statusOf("q1")) === "1");
    client.close();
    await until("q1 is offline", async () => (await statusOf("q1")) === "0");
  });

  test("users of tests can be deleted, and nothing but what they said is left", async () => {
    const [ida, token] = [await world.join("ida"), await world.token("ida")];
    const group = await world.native.group("ida", "hal");
    await world.ok("/user/blacklist/add.json", { userId: "ida", blackUserId: "hal" });
    await world.ok("/user/delusers.json", { userId: ["ida", "nobody"] });
    expect((await ida.closed).code).toBe(4102);
    expect(await world.knock(token)).toBe("unauthorized");
    expect((await world.call("/user/info.json", { userId: "ida" })).body.code).toBe(400);
    expect((await world.ok("/user/blacklist/query.json", { userId: "ida" })).users).toEqual([]);
    const again = await world.join("ida");
    const { conversations } = await again.request("conversation.list", {});
    expect(conversations.map(({ conversation }) => conversation.id)).not.toContain(group.id);
    expect(await world.knock(token)).toBe("unauthorized");
  });
});
