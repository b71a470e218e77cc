import { expect, test } from "bun:test";
import { jsonCodec, readRequest } from "@parlance/protocol";
import { msgpackCodec } from "@parlance/protocol/msgpack";
import { firstNumber } from "../numbering.ts";
import { kind } from "./dialect.ts";
import { nativeDialects } from "./native.ts";

const forms = [
  [nativeDialects["native-json"], jsonCodec],
  [nativeDialects["native-msgpack"], msgpackCodec],
] as const;

const conversation = { kind: "group", id: "lunch" };
const text = { conversation, seq: 1, sentAt: 1_767_225_600_000_041, from: "user-000001", type: "text" };

test.each([
  ["a message", { event: "message", data: text }, kind.message],
  ["who came", { event: "membersChanged", data: { conversation, added: ["a"], removed: [] } }, kind.other],
  ["the welcome", { event: "welcome", data: { protocol: 1 } }, kind.ready],
  ["another event", { event: "presence", data: { users: [] } }, kind.other],
  ["a reply", { id: firstNumber + 41, result: { seq: 41 } }, kind.other],
  ["a refusal", { id: firstNumber + 41, error: { code: 3001, name: "notMember" } }, kind.error],
])("%s is told by a byte or two in both codecs", (_what, frame, expected) => {
  for (const [dialect, codec] of forms) {
    const payload = Buffer.from(codec.encode(frame) as string);
    const bytes = Buffer.concat([Buffer.from(".."), payload, Buffer.from("..")]);
    expect(dialect.classify(bytes, 2, bytes.length - 2)).toBe(expected);
  }
});

test("sends a text as a request", () => {
  for (const [dialect, codec] of forms) {
    const payload = dialect.sendFrame("lunch", 'say "hi"');
    expect(readRequest(codec.decode(dialect.isBinary ? payload : Buffer.from(payload).toString()))).toEqual({
      id: firstNumber,
      method: "message.send",
      params: {
        conversation,
        clientId: String(firstNumber),
        type: "text",
        content: { text: 'say "hi"' },
      },
    });
  }
});
