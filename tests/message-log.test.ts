/** What back ends ask about the past, on messages that are hours old: files of an hour's messages, and their end. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { databaseFile, openStore } from "../packages/server/src/adapters/open-store.ts";
import { agingPostgres, agingSqlite } from "../packages/server/src/adapters/store-sql/testing/aging.ts";
import { hourAt, hourMillis } from "../packages/server/src/core/message-log/hours.ts";
import { type Deployment, oneNode, threeNodes } from "../packages/server/src/testing/deployment.ts";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { NativeClient } from "../packages/server/src/testing/native-client.ts";
import { direct, newClientId, say } from "../packages/server/src/testing/native-world.ts";
import { rongcloudBackEnd } from "../packages/server/src/testing/rongcloud-back-end.ts";
import { sharedPostgres } from "../packages/server/src/testing/shared-servers.ts";
import { type TestServer, testApps } from "../packages/server/src/testing/test-server.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";
import { unzip } from "../packages/server/src/testing/unzip.ts";

async function agingOf({ config }: TestServer) {
  if (config.store === "sqlite") return agingSqlite(databaseFile(config));
  const postgres = await sharedPostgres();
  const database = new URL(config.store).pathname.slice(1);
  return agingPostgres(config.store, (text) => postgres.query(database, text));
}

describe.each<[string, Deployment]>([
  ["one node", oneNode],
  ["three nodes", threeNodes],
])("the log of an hour, on %s,", (_, deploy) => {
  let nodes: TestServer[] = [];
  beforeAll(async () => {
    nodes = await deploy({});
  }, startPatience * 2);
  afterAll(async () => {
    for (const node of nodes) await node.stop();
  }, startPatience);

  let turn = 0;
  const nextNode = () => nodes[turn++ % nodes.length] as TestServer;
  const shop = () => rongcloudBackEnd(() => nextNode().url, testApps.shop);
  const bank = () => rongcloudBackEnd(() => nextNode().url, testApps.bank);

  async function use<Result>(work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<Result>) {
    const store = await openStore((nodes[0] as TestServer).config);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  const before = 2 * hourMillis;
  const urlOf = async (date: string) => (await shop().ok("/message/history.json", { date })).url;
  const fetchLines = async (url: string) => {
    const response = await fetch(url);
    expect(response.headers.get("content-type")).toBe("application/zip");
    const { text } = unzip(await response.bytes());
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  };

  test("has all messages of the app, whoever said them where, can be fetched for a while, and deleted", async () => {
    const i2a = i2aBackEnd(() => nextNode().url, testApps.shop.secret);
    const room = await i2a.room(["ann", "ben"]);
    const group = { kind: "group", id: room.slice(0, room.lastIndexOf(":")) } as const;
    const ann = await NativeClient.open(nextNode().socketUrl, { token: await i2a.token("ann", "phone") });
    const first = await say(ann, group, "to the group");
    const second = await say(ann, direct("ben"), "to Ben");
    await say(ann, group, "to some", { to: ["ben"] });
    const recalled = await say(ann, group, "regretted");
    await ann.request("message.send", {
      conversation: group,
      clientId: newClientId(),
      type: "shop:order",
      content: { price: 12 },
    });
    const said = { fromUserId: "office", objectName: "RC:TxtMsg", content: '{"content":"hi","extra":"x"}' };
    const { messageUID } = await shop().ok("/message/broadcast.json", said);
    await bank().ok("/message/broadcast.json", said);
    await ann.request("message.recall", { conversation: group, sentAt: recalled.sentAt });
    ann.close();

    const now = hourAt(Date.now(), "+08:00");
    expect(await urlOf(now)).toBe("");
    const shopId = await use(async (store) => {
      const app = (await store.apps.list()).find(({ key }) => key === testApps.shop.key);
      return app?.id as number;
    });
    await (await agingOf(nodes[0] as TestServer)).age(shopId, before);

    // The hour may have ended while these were sent.
    const dates = new Set(
      [first.sentAt, recalled.sentAt + 2_000_000].map((at) => hourAt(at / 1000 - before, "+08:00")),
    );
    const lines: Record<string, unknown>[] = [];
    const urls: string[] = [];
    for (const date of dates) {
      const url = await urlOf(date);
      if (url === "") continue;
      urls.push(url);
      lines.push(...(await fetchLines(url)));
    }
    const toGroup = {
      appId: "shop",
      fromUserId: "ann",
      targetId: group.id,
      targetType: 3,
      GroupId: group.id,
    };
    expect(lines).toMatchObject([
      {
        ...toGroup,
        channelType: "GROUP",
        classname: "RC:TxtMsg",
        content: { content: "to the group" },
        timestamp: Math.floor(first.sentAt / 1000) - before,
      },
      { fromUserId: "ann", targetId: "ben", targetType: 1, GroupId: "", content: { content: "to Ben" } },
      { ...toGroup, content: { content: "to some" }, groupUserIds: ["ben"] },
      { ...toGroup, classname: "RC:RcNtf" },
      { ...toGroup, classname: "shop:order", content: { price: 12 } },
      { fromUserId: "office", targetId: "", targetType: 6, content: { content: "hi", extra: "x" } },
    ]);
    expect(JSON.stringify(lines)).not.toContain("regretted");
    expect(lines[1]?.timestamp).toBe(Math.floor(second.sentAt / 1000) - before);
    expect(lines[0]?.dateTime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    // Their uids are made of their times, which were moved.
    for (const { msgUID } of lines) expect(msgUID).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    expect(messageUID).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);

    // Nobody else gets it, by whatever address, and not after its end.
    const [url] = urls as [string];
    const address = new URL(url);
    for (const [name, value] of [
      ["signature", "x"],
      ["expires", "1"],
      ["expires", String(Number(address.searchParams.get("expires")) + 1)],
    ] as const) {
      const other = new URL(url);
      other.searchParams.set(name, value);
      expect((await fetch(other)).status).toBe(404);
    }
    expect((await fetch(url.replace("/shop/", "/bank/"))).status).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
    const [date] = [...dates] as [string];
    expect((await bank().ok("/message/history.json", { date })).url).toBe("");

    await shop().ok("/message/history/delete.json", { date });
    expect((await fetch(url)).status).toBe(404);
    expect(await urlOf(date)).toBe("");
    const again = await shop().call("/message/history/delete.json", { date });
    expect([again.status, again.body.code, again.body.errorMessage]).toEqual([
      ...[400, 1002, "ParamError:data is not exist."],
    ]);
  });

  test("is there for hours that were, and for apps that want it", async () => {
    for (const date of ["2026", "2026023004", "x", "2026030124"]) {
      const { status, body } = await shop().call("/message/history.json", { date });
      expect([status, body.code]).toEqual([400, 1002]);
    }
    expect((await shop().call("/message/history.json", { date: "20260301041" })).body.code).toBe(1005);
    expect(await urlOf("2015010101")).toBe("");
    await use((store) => store.apps.update(testApps.bank.key, { settings: { messageLog: false } }));
    await until("the switch is known", async () => {
      const answers = await Promise.all(
        nodes.map(({ url }) =>
          rongcloudBackEnd(url, testApps.bank).call("/message/history.json", { date: "2015010101" }),
        ),
      );
      return answers.every(({ status, body }) => status === 430 && body.code === 1009);
    });
  });
});
