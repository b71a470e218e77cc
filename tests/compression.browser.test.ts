import { afterAll, beforeAll, expect, test } from "bun:test";
import { jsonCodec, subprotocols, tokenSubprotocol } from "@parlance/protocol";
import type { Browser } from "playwright-core";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { startTestServer, type TestServer, testApps } from "../packages/server/src/testing/test-server.ts";
import { until } from "../packages/server/src/testing/until.ts";
import { launchChromium } from "./browser.ts";

let browser: Browser;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ compression: true });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

interface Talk {
  extensions: string;
  frames: string[];
}

test("a browser compresses with the server what both say", async () => {
  const token = await i2aBackEnd(() => server.url, testApps.shop.secret).token("ann");
  const page = await browser.newPage();
  const text = "what compresses well, and more than once ".repeat(200);
  const send = jsonCodec.encode({
    id: 1,
    method: "message.send",
    params: { conversation: { kind: "direct", id: "bob" }, clientId: "c1", type: "text", content: { text } },
  }) as string;
  const protocols = [subprotocols.json, `${tokenSubprotocol}${Buffer.from(token).toString("base64url")}`];
  await page.evaluate(
    ([url, offered, request]) => {
      const talk: Talk = { extensions: "", frames: [] };
      Object.assign(globalThis, { talk });
      const socket = new WebSocket(url, offered);
      socket.onmessage = ({ data }) => talk.frames.push(data);
      socket.onopen = () => {
        talk.extensions = socket.extensions;
        socket.send(request);
      };
    },
    [`${server.socketUrl}/connect`, protocols, send] as const,
  );
  const talk = () => page.evaluate(() => (globalThis as unknown as { talk: Talk }).talk);
  const frame = async (start: string) => (await talk()).frames.find((text) => text.startsWith(start));
  for (const start of ['{"event":"message"', '{"id":1']) await until(start, () => frame(start));
  expect((await talk()).extensions).toContain("permessage-deflate");
  expect(JSON.parse((await frame('{"event":"message"')) as string).data.content).toEqual({ text });
  expect(JSON.parse((await frame('{"id":1')) as string).result.seq).toBe(1);
});
