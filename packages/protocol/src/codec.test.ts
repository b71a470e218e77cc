import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Codec, jsonCodec } from "./codec.ts";
import { FrameRefused } from "./frames.ts";
import { limits } from "./limits.ts";
import { msgpackCodec } from "./msgpack.ts";
import { outcomeOf } from "./outcome.ts";

const text = fc.string({ unit: "grapheme" });

/** What JSON can't tell apart (-0) and what an object literal can't hold (`__proto__`) are left out. */
const frame = fc.dictionary(
  text.filter((key) => key !== "__proto__"),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, false),
      text,
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        text.filter((key) => key !== "__proto__"),
        tie("value"),
        { maxKeys: 4 },
      ),
    ),
  })).value,
  { noNullPrototype: true },
);

const ordinary = (value: unknown) => JSON.parse(JSON.stringify(value));

describe.each<[Codec]>([[jsonCodec], [msgpackCodec]])("a codec", (codec) => {
  test(`${codec.name} returns what it was given`, () => {
    fc.assert(
      fc.property(frame, (value) => {
        expect(codec.decode(codec.encode(value))).toEqual(ordinary(value));
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test(`${codec.name} leaves out what is undefined`, () => {
    expect(codec.decode(codec.encode({ a: undefined, b: 1 }))).toEqual({ b: 1 });
  });

  test(`${codec.name} answers any text and any bytes with an outcome`, () => {
    const data = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.uint8Array({ maxLength: 64 }),
      // Damaged frames get farther than noise does.
      fc.tuple(fc.nat(60), fc.nat(255)).map(([at, byte]) => {
        const encoded = codec.encode({
          id: 7,
          method: "message.since",
          params: { conversation: { kind: "group", id: "g" }, afterSeq: 3 },
        });
        if (typeof encoded === "string")
          return encoded.slice(0, at) + String.fromCharCode(byte) + encoded.slice(at + 1);
        encoded[at] = byte;
        return encoded;
      }),
    );
    fc.assert(
      fc.property(data, (bad) => {
        const outcome = outcomeOf(codec, bad);
        expect("close" in outcome || (outcome.id >= 1 && outcome.id <= limits.requestId)).toBe(true);
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
});

test("nesting that would end a recursive reader is refused", () => {
  const bomb = `{"id":1,"method":"ping","params":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`;
  expect(() => jsonCodec.decode(bomb)).toThrow(FrameRefused);
  const bytes = new Uint8Array(100_000).fill(0x91);
  expect(() => msgpackCodec.decode(bytes)).toThrow(FrameRefused);
  // And the decoder is as good as before.
  expect(msgpackCodec.decode(msgpackCodec.encode({ id: 1 }))).toEqual({ id: 1 });
});
