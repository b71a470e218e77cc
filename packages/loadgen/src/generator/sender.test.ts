import { expect, test } from "bun:test";
import { jsonCodec, readRequest } from "@parlance/protocol";
import { nativeDialects } from "../dialects/native.ts";
import { findMarker, MarkerReader } from "../marker.ts";
import type { Connection } from "../wire/connection.ts";
import { Sender } from "./sender.ts";

test("beyond what may be under way a message waits for an echo, and keeps the time at which it was due", () => {
  const frames: Buffer[] = [];
  const seat = { room: "lunch", index: 7 };
  const connection = { seat, send: (frame: Uint8Array) => void frames.push(Buffer.from(frame)) };
  const dialect = { ...nativeDialects["native-json"], mostUnderWay: 2 };
  const sender = new Sender(connection as unknown as Connection, dialect, 100);
  for (const due of [10, 20, 30, 40]) sender.send(due);
  expect(frames).toHaveLength(2);
  sender.echoed();
  expect(frames).toHaveLength(3);
  sender.echoed();
  sender.echoed();
  expect(frames).toHaveLength(4);
  const marker = new MarkerReader();
  const times = frames.map((frame) => marker.read(frame, 0, frame.length) && marker.micros);
  expect(times).toEqual([10, 20, 30, 40]);
  const requests = frames.map((frame) =>
    readRequest(jsonCodec.decode(frame.subarray(frame.indexOf("{")).toString())),
  );
  expect(new Set(requests.map(({ id }) => id)).size).toBe(4);
  expect(new Set(requests.map(({ params }) => params.clientId)).size).toBe(4);
  expect(findMarker(frames[0] as Buffer, 0, (frames[0] as Buffer).length)).toBeGreaterThan(0);
});
