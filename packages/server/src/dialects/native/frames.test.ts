/** Bad frames of every kind: each is answered or closes its own connection, and disturbs nobody else. */

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CodecName, closeCodes, jsonCodec, limits } from "@parlance/protocol";
import { msgpackCodec } from "@parlance/protocol/msgpack";
import type { NativeClient } from "../../testing/native-client.ts";
import { newClientId, say, useNativeWorld } from "../../testing/native-world.ts";
import { RawSocket } from "../../testing/raw-socket.ts";
import { until } from "../../testing/until.ts";

const world = useNativeWorld({ queueBytes: 512 * 1024 });

interface Vector {
  name: string;
  json?: string;
  msgpack?: string;
  expects:
    | { close: keyof typeof closeCodes }
    | { error: string; id: number }
    | { method: string; id: number };
}

const vectors: Vector[] = JSON.parse(
  readFileSync(join(import.meta.dir, "../../../../protocol/vectors/outcomes.json"), "utf8"),
);

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

const sendVector = (client: NativeClient, { json, msgpack }: Vector) => {
  if (client.codec === "json") client.raw(json as string);
  else client.raw(bytesOf(msgpack as string));
};

describe.each<[CodecName]>([["json"], ["msgpack"]])("a frame in %s", (codec) => {
  const mine = vectors.filter((vector) => vector[codec] !== undefined);

  test("of the vectors is answered as they say, and others go on undisturbed", async () => {
    const group = await world.group("witness", "friend");
    const [witness, friend] = await world.clients("witness", "friend");
    let client = await world.client("attacker", "phone", codec);
    for (const vector of mine) {
      const { name, expects } = vector;
      sendVector(client, vector);
      if ("close" in expects) {
        expect([name, (await client.closed).code]).toEqual([name, closeCodes[expects.close].code]);
        client = await world.client("attacker", "phone", codec);
        continue;
      }
      const [reply] = await client.strays(1);
      client.stray.length = 0;
      expect([name, reply?.id]).toEqual([name, expects.id]);
      // A good frame may still be refused for what it asks for.
      const error = reply && "error" in reply.reply ? reply.reply.error.name : null;
      if ("error" in expects) expect([name, error as string]).toEqual([name, expects.error]);
      else expect([name, ["unknownMethod", "invalidParams", "malformedRequest"]]).not.toContain(error);
    }
    await say(witness, group, "still here");
    expect((await friend.next("message")).content).toEqual({ text: "still here" });
  }, 60_000);

  test("of the other codec, too large, cut short or nested deep closes its connection alone", async () => {
    const ping = { id: 1, method: "ping" };
    const large = { id: 1, method: "ping", params: { x: "x".repeat(limits.frameBytes) } };
    const encode = (frame: object) => (codec === "json" ? jsonCodec : msgpackCodec).encode(frame);
    const whole = encode(ping);
    const deep =
      codec === "json"
        ? `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`
        : new Uint8Array(100_000).fill(0x91);
    const attacks: [string | Uint8Array<ArrayBuffer>, keyof typeof closeCodes][] = [
      [(codec === "json" ? msgpackCodec : jsonCodec).encode(ping), "malformedFrame"],
      [encode(large), "frameTooLarge"],
      [whole.slice(0, whole.length - 3), "malformedFrame"],
      [deep, "malformedFrame"],
      ["", "malformedFrame"],
      [new Uint8Array(0), "malformedFrame"],
      [new Uint8Array([0xc1]), "malformedFrame"],
    ];
    const witness = await world.client("witness-2");
    for (const [data, close] of attacks) {
      const client = await world.client("attacker-2", "phone", codec);
      client.raw(data);
      expect(await client.closed).toEqual({
        code: closeCodes[close].code,
        reason: JSON.stringify({ name: close }),
      });
    }
    await witness.request("ping", {});
  });

  test("that closes lets what came before it be answered", async () => {
    const group = await world.group("carl");
    const client = await world.client("carl", "phone", codec);
    const sends = Array.from({ length: 20 }, (_, index) => say(client, group, `${index}`));
    client.raw(codec === "json" ? "{" : new Uint8Array([0xc1]));
    client.frame({ id: 5, method: "ping" });
    expect((await Promise.all(sends)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
    expect((await client.closed).code).toBe(closeCodes.malformedFrame.code);
    expect(client.stray).toEqual([]);
  });
});

describe("requests", () => {
  test("with the id of one that waits, and more than may wait, are refused; the others are answered", async () => {
    const group = await world.group("dora");
    const dora = await world.client("dora");
    await say(dora, group, "x");
    const history = { method: "message.history", params: { conversation: group } };
    const names = () => dora.stray.map(({ reply }) => ("error" in reply ? reply.error.name : "fine"));
    await until("a duplicate is noticed", async () => {
      dora.stray.length = 0;
      for (let count = 0; count < 20; count++) dora.frame({ id: 7, ...history });
      await dora.strays(20);
      return names().includes("duplicateId");
    });
    expect(new Set(names())).toEqual(new Set(["fine", "duplicateId"]));
    await until("there are too many", async () => {
      dora.stray.length = 0;
      for (let id = 1; id <= 400; id++) dora.frame({ id, ...history });
      await dora.strays(400);
      return names().includes("tooManyRequests");
    });
    expect(names().filter((name) => name === "fine").length).toBeGreaterThanOrEqual(limits.openRequests);
    expect(new Set(names())).toEqual(new Set(["fine", "tooManyRequests"]));
    expect((await dora.request("ping", {})).now).toBeGreaterThan(0);
  });

  test("of no known method or with bad params say what is wrong", async () => {
    const dora = await world.client("dora", "tablet");
    for (const method of ["message.sent", "toString", "", "__proto__"])
      expect(await dora.refusal(method, {})).toBe("unknownMethod");
    const reply = await dora.ask("message.history", { conversation: { kind: "group" }, limit: 0 });
    expect(reply).toMatchObject({ error: { code: 1002, isRetryable: false } });
    expect(JSON.stringify(reply)).toContain("$.conversation.id");
  });
});

describe("a connection", () => {
  test("that doesn't read is closed when its queue is full; others get everything", async () => {
    const group = await world.group("ada", "slow", "eli");
    const [ada, eli] = await world.clients("ada", "eli");
    const token = await world.i2a.shop.token("slow");
    const { port } = new URL(world.i2a.server.url);
    const slow = await RawSocket.open(Number(port), `/connect?token=${token}`);
    slow.tcp.pause();
    const padding = "x".repeat(100_000);
    for (let index = 1; index <= 250; index++) {
      const { seq } = await ada.request("message.send", {
        ...{ conversation: group, clientId: newClientId(), type: "text", content: { text: padding } },
      });
      expect(seq).toBe(index);
      await eli.next("message", (message) => message.seq === index);
    }
    slow.tcp.resume();
    // The farewell may be lost behind what it did not read; that it is gone is what counts.
    expect<(number | null)[]>([closeCodes.slowReader.code, null]).toContain(await slow.closeCode());
    await slow.ended();
    const back = await world.client("slow");
    const { headSeq } = await back.request("message.history", { conversation: group, limit: 1 });
    expect(headSeq).toBe(250);
  }, 60_000);
});
