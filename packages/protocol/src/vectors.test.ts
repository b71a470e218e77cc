import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { closeActionOf, readCloseReason } from "./close-codes.ts";
import { type Codec, jsonCodec } from "./codec.ts";
import { readRequest, readServerFrame } from "./frames.ts";
import { msgpackCodec } from "./msgpack.ts";
import { outcomeOf } from "./outcome.ts";
import type { CloseVector, FrameVector, OutcomeVector } from "./vectors/vector.ts";

/** As another language would read them: from the files. */
const load = <Row>(name: string): Row[] =>
  JSON.parse(readFileSync(join(import.meta.dir, "../vectors", `${name}.json`), "utf8"));

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

const codecs: [
  codec: Codec,
  data: (row: { json?: string; msgpack?: string }) => string | Uint8Array | undefined,
][] = [
  [jsonCodec, ({ json }) => json],
  [msgpackCodec, ({ msgpack }) => (msgpack === undefined ? undefined : bytesOf(msgpack))],
];

describe.each(codecs)("vectors", (codec, dataOf) => {
  for (const row of load<FrameVector>("frames"))
    test(`${codec.name}: ${row.name}`, () => {
      const value = codec.decode(dataOf(row) as string);
      expect(value).toEqual(row.value);
      expect(codec.decode(codec.encode(row.value as object))).toEqual(row.value);
      const read = row.from === "client" ? readRequest(value) : readServerFrame(value);
      expect(row.value).toMatchObject(read as object);
    });

  for (const row of load<OutcomeVector>("outcomes")) {
    const data = dataOf(row);
    if (data === undefined) continue;
    test(`${codec.name}: ${row.name}`, () => expect(outcomeOf(codec, data)).toMatchObject(row.expects));
  }

  test(`${codec.name}: frames of the other kind close`, () => {
    const [other] = codec === jsonCodec ? [msgpackCodec] : [jsonCodec];
    expect(outcomeOf(codec, (other as Codec).encode({ id: 1, method: "ping" }))).toEqual({
      close: "malformedFrame",
    });
  });
});

test("closes", () => {
  for (const { code, reason, action, retryAfterMs } of load<CloseVector>("closes")) {
    expect(closeActionOf(code)).toBe(action as never);
    expect(readCloseReason(reason).retryAfterMs ?? null).toBe(retryAfterMs);
  }
});
