import { expect, test } from "bun:test";
import { jsonCodec } from "@parlance/protocol";
import { msgpackCodec } from "@parlance/protocol/msgpack";
import { firstNumber, Numbering } from "./numbering.ts";

test.each([jsonCodec, msgpackCodec])(
  "every copy of a frame has the next number in all its places",
  (codec) => {
    const frame = Buffer.from(
      codec.encode({ id: firstNumber, name: "a", key: String(firstNumber) }) as string,
    );
    const numbering = new Numbering(frame);
    const read = () => {
      const copy = frame.slice();
      numbering.stamp(copy);
      return codec.decode(codec.name === "json" ? copy.toString() : copy) as { id: number; key: string };
    };
    const { id } = read();
    expect(id).toBeGreaterThanOrEqual(firstNumber);
    for (let i = 1; i <= 1000; i++)
      expect(read()).toEqual({ id: id + i, name: "a", key: String(id + i) } as never);
  },
);

test("a frame without numbers stays as it is", () => {
  const frame = Buffer.from("nothing to count");
  const copy = frame.slice();
  new Numbering(frame).stamp(copy);
  expect(copy).toEqual(frame);
});
