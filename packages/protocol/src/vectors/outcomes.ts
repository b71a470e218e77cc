/** Frames of clients, good and bad, with what answers them. */

import { limits } from "../limits.ts";
import { msgpackCodec } from "../msgpack.ts";
import type { OutcomeVector } from "./vector.ts";

type Expects = OutcomeVector["expects"];

const hex = (value: object): string => Buffer.from(msgpackCodec.encode(value) as Uint8Array).toString("hex");

const both = (name: string, value: object, expects: Expects): OutcomeVector => ({
  name,
  json: JSON.stringify(value),
  msgpack: hex(value),
  expects,
});

const close: Expects = { close: "malformedFrame" };
const malformed = { error: "malformedRequest", id: 5 } as const;
const invalid = { error: "invalidParams", id: 5 } as const;

const group = { kind: "group", id: "g" };
const send = { conversation: group, clientId: "c", type: "text", content: { text: "x" } };

/** A request with id 5. */
const asks = (name: string, method: string, params: unknown, expects: Expects) =>
  both(name, { id: 5, method, params }, expects);

const sends = (name: string, change: object, expects: Expects = invalid) =>
  asks(name, "message.send", { ...send, ...change }, expects);

const goodSend: Expects = { method: "message.send", id: 5 };

let deep: unknown = 1;
for (let level = 0; level < limits.frameDepth; level++) deep = [deep];

const frames = [
  both("params may be missing", { id: 5, method: "ping" }, { method: "ping", id: 5 }),
  both("no id", { method: "ping" }, close),
  both("id 0", { id: 0, method: "ping" }, close),
  both("id beyond 2^31", { id: limits.requestId + 1, method: "ping" }, close),
  both("id that is no whole number", { id: 1.5, method: "ping" }, close),
  both("id that is text", { id: "5", method: "ping" }, close),
  both("a list", [1, "ping"], close),
  both("no method", { id: 5 }, malformed),
  both("method that is no text", { id: 5, method: 7 }, malformed),
  asks("params that are a list", "ping", [], malformed),
  asks("params that are null", "ping", null, malformed),
  asks("unknown method", "message.sent", {}, { error: "unknownMethod", id: 5 }),
  asks("method named like a property of objects", "constructor", {}, { error: "unknownMethod", id: 5 }),
  {
    name: "nested too deep",
    json: JSON.stringify({ id: 5, method: "ping", params: { deep } }),
    expects: close,
  },
];

const params = [
  sends("a good send", {}, goodSend),
  sends(
    "a send with everything",
    {
      isCounted: false,
      isPersisted: true,
      mentions: { users: ["a"], all: true },
      quote: { sentAt: 1 },
      to: ["a", "b"],
    },
    goodSend,
  ),
  sends("a type of the app's own", { type: "shop:Order.v2" }, goodSend),
  sends("the longest client id", { clientId: "c".repeat(64) }, goodSend),
  sends("characters are counted, not bytes", { clientId: "👋".repeat(64) }, goodSend),
  sends("a client id that is too long", { clientId: "c".repeat(65) }),
  sends("an empty client id", { clientId: "" }),
  sends("a control character in an id", { clientId: "a\nb" }),
  sends("a type with a space", { type: "my type" }),
  sends("content that is text", { content: "x" }),
  sends("content that is a list", { content: [] }),
  sends("a flag that is no flag", { isCounted: 1 }),
  sends("mentions of nobody's id", { mentions: { users: [""] } }),
  sends("too many mentions", { mentions: { users: Array(101).fill("u") } }),
  sends("mentions of all that say false", { mentions: { all: false } }),
  sends("directed to nobody", { to: [] }),
  sends("a quote without time", { quote: {} }),
  sends("an unknown kind of conversation", { conversation: { kind: "channel", id: "x" } }),
  sends("a conversation without id", { conversation: { kind: "group" } }),
  asks("no params at all", "message.send", {}, invalid),
  asks("a page of nothing", "message.history", { conversation: group, limit: 0 }, invalid),
  asks("a page that is too large", "message.history", { conversation: group, limit: 101 }, invalid),
  asks("a negative position", "message.since", { conversation: group, afterSeq: -1 }, invalid),
  asks("half a position", "message.since", { conversation: group, afterSeq: 0.5 }, invalid),
  asks("no keys to set", "message.setKeys", { conversation: group, sentAt: 1, keys: {} }, invalid),
  asks(
    "a key's value that is a number",
    "message.setKeys",
    { conversation: group, sentAt: 1, keys: { a: 1 } },
    invalid,
  ),
  asks("a mute level that is too high", "conversation.update", { conversation: group, mute: 6 }, invalid),
  asks(
    "a null cursor begins anew",
    "conversation.sync",
    { cursor: null },
    { method: "conversation.sync", id: 5 },
  ),
];

const texts: [name: string, json: string][] = [
  ["nothing", ""],
  ["no JSON", "{id:5}"],
  ["half a frame", '{"id":5,"method":"pi'],
  ["two frames in one", '{"id":5,"method":"ping"}{"id":6,"method":"ping"}'],
  ["a number", "5"],
  ["null", "null"],
  ["half a surrogate pair", '{"id":5,"method":"ping","params":{"x":"\\ud83d"}}'],
];

const bytes: [name: string, msgpack: string][] = [
  ["no bytes", ""],
  ["half a map", "82a26964"],
  ["two values", "81a26964058180"],
  ["a key that is a number", "8105a26964"],
  ["binary data", "83a2696405a66d6574686f64a470696e67a6706172616d7381a178c4020102"],
  ["a time stamp", "83a2696405a66d6574686f64a470696e67a6706172616d7381a178d6ff00000001"],
  ["not a number", "83a2696405a66d6574686f64a470696e67a6706172616d7381a178cb7ff8000000000000"],
  ["a byte that begins nothing", "c1"],
];

export const outcomes: OutcomeVector[] = [
  ...frames,
  ...params,
  ...texts.map(([name, json]) => ({ name, json, expects: close })),
  ...bytes.map(([name, msgpack]) => ({ name, msgpack, expects: close })),
];
