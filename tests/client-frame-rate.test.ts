/** A client with more to say than it may in a minute waits as the server says: it stays connected, and all is stored. */

import { afterAll, beforeAll, expect, setSystemTime, test } from "bun:test";
import { connect, MemoryCache } from "@parlance/client";
import { type Environment, runtimeEnvironment } from "../packages/client/src/environment.ts";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { startTestServer, type TestServer, testApps } from "../packages/server/src/testing/test-server.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";

const minute = 60_000;
const messages = 70;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ framesPerMinute: 30 });
}, startPatience);
afterAll(async () => {
  setSystemTime();
  await server.stop();
}, startPatience);

/** Waits of a minute and more last until the test says so. */
function patientEnvironment(waits: Set<() => void>): Environment {
  const real = runtimeEnvironment();
  return {
    ...real,
    setTimeout(run, milliseconds) {
      if (milliseconds < minute) return real.setTimeout(run, milliseconds);
      waits.add(run);
      return run;
    },
    clearTimeout(timer) {
      if (!waits.delete(timer as () => void)) real.clearTimeout(timer);
    },
  };
}

test("a crowd of messages takes as many minutes as it must", async () => {
  let now = Date.now();
  setSystemTime(now);
  const shop = i2aBackEnd(server.url, testApps.shop.secret);
  const room = await shop.room(["ann"]);
  const groupId = room.slice(0, room.lastIndexOf(":"));
  const waits = new Set<() => void>();
  const open = async (deviceId: string) =>
    connect({
      url: `${server.socketUrl}/connect`,
      userId: "ann",
      token: () => shop.token("ann", deviceId),
      cache: new MemoryCache(),
      environment: patientEnvironment(waits),
    });
  const client = await open("phone");
  const statuses: string[] = [];
  client.on("status", ({ status }) => statuses.push(status));
  await until("it is online", () => client.status === "online");
  statuses.length = 0;
  const texts = Array.from({ length: messages }, (_, index) => `m${index}`);
  const group = client.group(groupId);
  let stored = 0;
  for (const text of texts) void group.send(text).then(() => stored++);
  let minutes = 0;
  while (stored < messages) {
    await until("it was told to wait", () => stored === messages || waits.size > 0);
    now += 2 * minute;
    setSystemTime(now);
    minutes++;
    for (const run of [...waits]) {
      waits.delete(run);
      run();
    }
  }
  expect(statuses).toEqual([]);
  expect(minutes).toBeGreaterThanOrEqual(2);
  const witness = await open("witness");
  const seen = () => witness.group(groupId).messages.map(({ content }) => content.text);
  await until("the witness is online", () => witness.status === "online");
  await witness.group(groupId).open();
  // A page has fifty.
  await until("the newest are there, in order", () => `${seen()}` === `${texts.slice(-50)}`);
  await client.close();
  await witness.close();
}, 120_000);
