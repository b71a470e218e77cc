import { jsonCodec } from "../codec.ts";
import { errorBodyOf, type ProtocolErrorName, protocolErrors } from "../errors.ts";
import { events } from "../events.ts";
import { methods } from "../methods/index.ts";
import { msgpackCodec } from "../msgpack.ts";
import type { FrameVector } from "./vector.ts";

const hex = (bytes: string | Uint8Array): string => Buffer.from(bytes as Uint8Array).toString("hex");

const row = (name: string, from: FrameVector["from"], value: object): FrameVector => ({
  name,
  from,
  value,
  json: jsonCodec.encode(value) as string,
  msgpack: hex(msgpackCodec.encode(value)),
});

const exampleRows = Object.entries(methods).flatMap(([method, { example }], index) => [
  row(`request ${method}`, "client", { id: index + 1, method, params: example.params }),
  row(`reply ${method}`, "server", { id: index + 1, result: example.result }),
]);

const eventRows = Object.entries(events).map(([event, { example }]) =>
  row(`event ${event}`, "server", { event, data: example }),
);

const errorRows = (Object.keys(protocolErrors) as ProtocolErrorName[]).map((name, index) =>
  row(`error ${name}`, "server", { id: index + 1, error: errorBodyOf(name) }),
);

const oddRows = [
  row("unknown fields are ignored", "client", { id: 1, method: "ping", params: { later: [1] }, trace: "x" }),
  row("an unknown event is ignored", "server", { event: "fromTheFuture", data: { any: { thing: null } } }),
  row("the largest id and time", "client", {
    id: 2_147_483_648,
    method: "message.get",
    params: { conversation: { kind: "group", id: "g" }, sentAt: Number.MAX_SAFE_INTEGER },
  }),
  row("numbers of every size", "server", {
    event: "signal",
    data: {
      content: {
        n: [0, -1, 127, 128, -128, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, 0.5, -1e300],
      },
    },
  }),
  row("text of every script", "server", {
    event: "user",
    data: { id: "用户-👩‍👩‍👧-é-\u0000", data: '\\"\n\u2028' },
  }),
  row("retry later", "server", { id: 3, error: errorBodyOf("rateLimited", { retryAfterMs: 1500 }) }),
];

export const goodFrames: FrameVector[] = [...exampleRows, ...eventRows, ...errorRows, ...oddRows];
