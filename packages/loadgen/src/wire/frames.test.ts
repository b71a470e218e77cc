import { describe, expect, test } from "bun:test";
import { clientFrame, FrameReader, opcode } from "./frames.ts";

/** A frame as a server sends it: not masked. */
function serverFrame(text: string, first = 0x81): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65536 ? 4 : 10);
  head[0] = first;
  head[1] = head.length === 2 ? payload.length : head.length === 4 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(payload.length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

function readAll(stream: Buffer, pieceSize: number): [number, string][] {
  const reader = new FrameReader();
  const frames: [number, string][] = [];
  const sink = {
    onFrame: (code: number, bytes: Uint8Array, start: number, end: number) => {
      frames.push([code, Buffer.from(bytes.subarray(start, end)).toString()]);
    },
  };
  for (let at = 0; at < stream.length; at += pieceSize)
    reader.read(stream.subarray(at, at + pieceSize), 0, sink);
  return frames;
}

const texts = ["", "a", "x".repeat(125), "y".repeat(126), "z".repeat(65_535), "w".repeat(65_536), "end"];
const stream = Buffer.concat(texts.map((text) => serverFrame(text)));
const expected = texts.map((text): [number, string] => [opcode.text, text]);

describe("FrameReader", () => {
  test.each([1, 2, 3, 5, 127, 1000, 65_536, stream.length])("frames in pieces of %d bytes", (size) => {
    expect(readAll(stream, size)).toEqual(expected);
  });

  test("starts where it is told to", () => {
    const frames: string[] = [];
    const bytes = Buffer.concat([Buffer.from("HTTP"), serverFrame("first")]);
    new FrameReader().read(bytes, 4, {
      onFrame: (_code, frame, start, end) => frames.push(Buffer.from(frame.subarray(start, end)).toString()),
    });
    expect(frames).toEqual(["first"]);
  });

  test.each([1, 4, 100])("joins fragments, with a ping between them, in pieces of %d bytes", (size) => {
    const parts = [
      serverFrame("one ", 0x01),
      serverFrame("are you there?", 0x89),
      serverFrame("two ", 0x00),
      serverFrame("three", 0x80),
      serverFrame("next"),
    ];
    expect(readAll(Buffer.concat(parts), size)).toEqual([
      [opcode.ping, "are you there?"],
      [opcode.text, "one two three"],
      [opcode.text, "next"],
    ]);
  });

  test.each([
    ["a masked frame", Buffer.from(clientFrame(opcode.text, Buffer.from("no")))],
    ["reserved bits", serverFrame("no", 0xc1)],
    ["a continuation of nothing", serverFrame("no", 0x80)],
    ["a new message among fragments", Buffer.concat([serverFrame("a", 0x01), serverFrame("b", 0x01)])],
    ["a frame of 2^40 bytes", Buffer.from([0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0])],
  ])("refuses %s", (_what, bytes) => {
    expect(() => readAll(bytes, bytes.length)).toThrow();
  });
});

test.each([1, 4, 100])("marks messages that are compressed, in pieces of %d bytes", (size) => {
  const parts = [
    serverFrame("whole", 0xc1),
    serverFrame("in ", 0x42),
    serverFrame("parts", 0x80),
    serverFrame("plain"),
  ];
  const bytes = Buffer.concat(parts);
  const reader = new FrameReader(true);
  const seen: [number, string, boolean][] = [];
  const sink = {
    onFrame: (code: number, frame: Uint8Array, start: number, end: number, isCompressed: boolean) => {
      seen.push([code, Buffer.from(frame.subarray(start, end)).toString(), isCompressed]);
    },
  };
  for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size), 0, sink);
  expect(seen).toEqual([
    [opcode.text, "whole", true],
    [opcode.binary, "in parts", true],
    [opcode.text, "plain", false],
  ]);
});

describe("clientFrame", () => {
  test.each([0, 125, 126, 65_535, 65_536])("a payload of %d bytes, masked with zero", (length) => {
    const payload = Buffer.alloc(length, "p");
    const frame = Buffer.from(clientFrame(opcode.text, payload));
    const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    expect(frame[0]).toBe(0x81);
    expect((frame[1] as number) & 0x80).toBe(0x80);
    expect(frame.readUInt32BE(header)).toBe(0);
    expect(frame.subarray(header + 4).equals(payload)).toBe(true);
    const announced = (frame[1] as number) & 0x7f;
    expect(
      header === 2 ? announced : header === 4 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2)),
    ).toBe(length);
  });
});
