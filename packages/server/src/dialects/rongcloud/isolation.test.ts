/**
 * Whatever one app calls, with another's ids: nothing of the other changes, its clients hear nothing, and the answer is
 * the one that a caller gets where the other app does not exist.
 */

import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { NativeClient } from "../../testing/native-client.ts";
import { useRongcloudWorld } from "../../testing/rongcloud-world.ts";
import { startPatience, until } from "../../testing/until.ts";
import { rongcloudRows } from "./endpoints/index.ts";
import { readAppRows } from "./testing/app-rows.ts";
import { callRow } from "./testing/call-row.ts";
import { things } from "./testing/things.ts";

/** In one the shop has everything that the examples speak of; in the other only the bank ever calls. */
const shared = useRongcloudWorld();
const alone = useRongcloudWorld();

const people = ["u1", "u2", "u3"];
const clients: NativeClient[] = [];
let room: string;
/** By path: what the shop would call with. */
const live = new Map<string, Record<string, unknown>>();

/** What would take away what the next call needs. */
const isDestructive = (path: string) =>
  /\/(delete|del|delusers|remove|rollback|dismiss|quit|kick|all|clean|deactivate|expire|unblock|unfollow|sync|recall)\.json$|^\/user\/block\.json$/.test(
    path,
  );

/** By way of the other API, and resolves when all have it. */
async function tellAll(message: string): Promise<void> {
  await shared.native.i2a.shop.post("system-message/send-system-message/", {
    chat_room_identifier: room,
    message,
  });
  for (const client of clients) await client.next("message", ({ content }) => content.text === message);
}

beforeAll(async () => {
  room = await shared.native.i2a.shop.room(people);
  for (const row of rongcloudRows) {
    const made = await things[row.path]?.(shared, row.example.params);
    const params = { ...row.example.params, ...made };
    live.set(row.path, params);
    if (!isDestructive(row.path)) await callRow(shared, row, params);
  }
  for (const person of people) clients.push(await shared.client(person));
  const count = (table: RegExp) =>
    Object.entries(rowsOfShop()).reduce((sum, [name, rows]) => sum + (table.test(name) ? rows.length : 0), 0);
  await tellAll("the beginning");
  for (const client of clients) client.unread.length = 0;
  await until("everybody is known to be there", () => count(/^presence$/) === people.length);
  await until("what was begun is done", () => count(/_(jobs|outbox)$/) === 0);
}, startPatience * 2);

const rowsOfShop = () =>
  readAppRows(join(shared.native.i2a.nodes[0]?.dataDir ?? "", "parlance.sqlite"), "shop");

/** Ids that are made of times or by chance, and the address of the server. */
const plain = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body, (name, value) => {
      if (name === "token") return "TOKEN";
      if (typeof value === "number") return value > 1e11 ? "TIME" : value;
      if (typeof value !== "string") return value;
      return value
        .replace(/\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b/g, "UID")
        .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")
        .replace(/\b\d{12,}\b/g, "TIME")
        .replace(/127\.0\.0\.1:\d+/g, "HOST");
    }),
  );

describe("another app's ids", () => {
  for (const row of rongcloudRows)
    test(`${row.path} changes nothing there, and tells nothing`, async () => {
      const params = live.get(row.path) ?? {};
      const before = rowsOfShop();
      const [answer, other] = [
        await callRow(shared.bank, row, params),
        await callRow(alone.bank, row, params),
      ];
      expect(answer.status).toBeLessThan(500);
      expect([answer.status, plain(answer.body)]).toEqual([other.status, plain(other.body)]);
      expect(rowsOfShop()).toEqual(before);
    });

  test("are heard of by none of its clients", async () => {
    await tellAll("the end");
    const heard = clients.flatMap(({ unread }) => unread.filter(({ event }) => event !== "conversation"));
    expect(heard).toEqual([]);
  });

  test("were there to be found: the shop has much of everything", () => {
    const filled = Object.values(rowsOfShop()).filter((rows) => rows.length > 0);
    expect(filled.length).toBeGreaterThan(6);
  });
});
