/** Who sends more frames a minute than they may is told to wait, and disconnected only if they don't. */

import { afterAll, afterEach, beforeAll, describe, expect, setSystemTime, test } from "bun:test";
import { type CodecName, type ConversationRef, closeCodes } from "@parlance/protocol";
import { i2aBackEnd } from "../../testing/i2a-back-end.ts";
import { NativeClient } from "../../testing/native-client.ts";
import { newClientId, textsOf } from "../../testing/native-world.ts";
import { startTestServer, type TestServer, testApps } from "../../testing/test-server.ts";
import { startPatience } from "../../testing/until.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ framesPerMinute: 50 });
}, startPatience);
afterEach(() => {
  setSystemTime();
});
afterAll(() => server.stop(), startPatience);

async function scene(codec: CodecName) {
  const shop = i2aBackEnd(server.url, testApps.shop.secret);
  const room = await shop.room(["ann"]);
  const conversation: ConversationRef = { kind: "group", id: room.slice(0, room.lastIndexOf(":")) };
  const open = async (deviceId: string) =>
    NativeClient.open(server.socketUrl, { token: await shop.token("ann", deviceId), codec });
  const client = await open("phone");
  const send = async (text: string) => {
    const content = { text };
    const params = { conversation, clientId: newClientId(), type: "text", content };
    const reply = await client.ask("message.send", params);
    return "error" in reply ? reply.error : "stored";
  };
  const stored = async () => {
    const witness = await open("witness");
    const { messages } = await witness.request("message.history", { conversation, limit: 100 });
    return textsOf(messages);
  };
  return { client, send, stored };
}

const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `${from + at}`);

describe.each<[CodecName]>([["json"], ["msgpack"]])("above the rate, in %s,", (codec) => {
  test("requests are refused until the next minute, and what was taken before is stored", async () => {
    // One minute lasts as long as the test wants, however slow the machine is.
    const begin = Date.now();
    setSystemTime(begin);
    const { send, stored } = await scene(codec);
    const outcomes = await Promise.all(texts(0, 60).map(send));
    expect(outcomes.slice(0, 50)).toEqual(Array(50).fill("stored"));
    expect(outcomes.slice(50)).toEqual(
      Array(10).fill({
        code: 1005,
        name: "rateLimited",
        message: expect.any(String),
        isRetryable: true,
        retryAfterMs: 60_000,
      }),
    );
    setSystemTime(begin + 59_999);
    expect(await send("too early")).toMatchObject({ name: "rateLimited", retryAfterMs: 1 });
    setSystemTime(begin + 60_000);
    expect(await send("in time")).toBe("stored");
    expect(await stored()).toEqual([...texts(0, 50), "in time"]);
  });

  test("who goes on and on is disconnected, and nothing that was taken is lost", async () => {
    setSystemTime(Date.now());
    const { client, send, stored } = await scene(codec);
    const sent = texts(0, 250).map(send);
    client.frame({ id: 1, method: "ping" });
    expect((await client.closed).code).toBe(closeCodes.tooManyFrames.code);
    const outcomes = await Promise.all(sent);
    expect(outcomes.map((outcome) => (outcome === "stored" ? outcome : outcome.name))).toEqual([
      ...Array(50).fill("stored"),
      ...Array(200).fill("rateLimited"),
    ]);
    expect(client.stray).toEqual([]);
    expect(await stored()).toEqual(texts(0, 50));
  });

  test("what is no request ends the connection as ever", async () => {
    setSystemTime(Date.now());
    const { client, send } = await scene(codec);
    await Promise.all(texts(0, 50).map(send));
    client.frame({ id: 5 });
    expect((await client.strays(1))[0]?.reply).toMatchObject({ error: { name: "malformedRequest" } });
    client.frame({ method: "ping" });
    expect((await client.closed).code).toBe(closeCodes.malformedFrame.code);
  });
});
