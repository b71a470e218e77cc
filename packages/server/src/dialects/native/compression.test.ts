import { expect, test } from "bun:test";
import { limits } from "@parlance/protocol";
import { zeroesDeflated } from "../../testing/deflate.ts";
import { say, useNativeWorld } from "../../testing/native-world.ts";
import { compressedBit, opcodes, RawSocket } from "../../testing/raw-socket.ts";

const world = useNativeWorld({ compression: true });

const text = "what compresses well, and more than once ".repeat(100);

test("who compresses and who does not read the same, in both codecs", async () => {
  const group = await world.group("ann", "bob", "carl");
  const ann = await world.client("ann", "phone", "json");
  const bob = await world.client("bob", "phone", "msgpack");
  expect([ann.extensions, bob.extensions]).toEqual([
    expect.stringContaining("permessage-deflate"),
    expect.stringContaining("permessage-deflate"),
  ]);
  const token = await world.i2a.shop.token("carl");
  const port = Number(new URL(world.i2a.server.url).port);
  const carl = await RawSocket.open(port, `/connect?token=${token}`);
  await say(ann, group, text);
  await say(bob, group, text);
  for (const client of [ann, bob])
    for (const author of ["ann", "bob"])
      expect((await client.next("message", ({ from }) => from === author)).content).toEqual({ text });
  for (let heard = 0; heard < 2; ) {
    const frame = await carl.next();
    expect(frame?.isCompressed).toBe(false);
    if (frame?.payload.includes('"event":"message"')) {
      expect(JSON.parse(frame.payload.toString()).data.content).toEqual({ text });
      heard++;
    }
  }
  carl.tcp.destroy();
});

test.each([
  ["a little more than a frame may have", limits.frameBytes + 1, 4205],
  ["what would fill the memory", 50_000_000, 1009],
])("%s, compressed, ends its connection and no other", async (_what, bytes, code) => {
  const group = await world.group("ann", "bob");
  const [ann, bob] = await world.clients("ann", "bob");
  const token = await world.i2a.shop.token("eve");
  const port = Number(new URL(world.i2a.server.url).port);
  const eve = await RawSocket.open(port, `/connect?token=${token}`, {
    "Sec-WebSocket-Extensions": "permessage-deflate",
  });
  eve.send(opcodes.text | compressedBit, zeroesDeflated(bytes));
  // Cutting the line without a word is as good.
  expect([null, code]).toContain(await eve.closeCode());
  await say(ann, group, "still here");
  expect((await bob.next("message")).content).toEqual({ text: "still here" });
});
