import { type Codec, jsonCodec, limits } from "@parlance/protocol";
import { msgpackCodec } from "@parlance/protocol/msgpack";
import { firstNumber } from "../numbering.ts";
import { prepareByRest } from "./back-end.ts";
import { type Dialect, kind } from "./dialect.ts";

/** Parlance's own protocol, in one of its codecs, compressed or not. */

/** Rooms are the back end's, which adds the app's key to their names. */
const nameOf = (room: string): string => room.slice(0, room.lastIndexOf(":"));

/**
 * Bytes of a frame that tell what it is: the first letter of an event's name, and that of `result` or `error` in a reply.
 * Server and codecs write keys in one order, and the ids of our requests are equally long.
 */
interface Places {
  event: number;
  outcome: number;
}

const native = (name: string, codec: Codec, at: Places, isCompressed: boolean): Dialect => ({
  name,
  subprotocol: codec.subprotocol,
  isCompressed,
  isBinary: codec.name === "msgpack",
  greeting: null,
  isGreeted: true,
  // Half of what the server takes: an echo may come before its request counts as answered.
  mostUnderWay: limits.openRequests / 2,

  prepare: (targets, plan) =>
    prepareByRest(targets, plan, (token, room) => ({
      path: `/connect?token=${encodeURIComponent(token)}`,
      room: nameOf(room),
    })),

  sendFrame: (room, text) =>
    Buffer.from(
      codec.encode({
        id: firstNumber,
        method: "message.send",
        params: {
          conversation: { kind: "group", id: room },
          clientId: String(firstNumber),
          type: "text",
          content: { text },
        },
      }) as Uint8Array,
    ),

  classify(bytes, start) {
    const key = bytes[start + KEY_AT];
    if (key === I) return bytes[start + at.outcome] === E ? kind.error : kind.other;
    if (key !== E) return kind.other;
    const letter = bytes[start + at.event];
    if (letter === W) return kind.ready;
    // `message` and `membersChanged` begin alike.
    return letter === M && bytes[start + at.event + 2] === S ? kind.message : kind.other;
  },

  answer: () => new Uint8Array(0),
});

/** The first letter of the first key, `id` or `event`, in both codecs. */
const KEY_AT = 2;
const json: Places = { event: '{"event":"'.length, outcome: `{"id":${firstNumber},"`.length };
/** A map of two, a text of five letters, a text; a map of two, a text of two letters, a word of four bytes, a text. */
const msgpack: Places = { event: 1 + 6 + 1, outcome: 1 + 3 + 5 + 1 };

const E = 0x65;
const I = 0x69;
const M = 0x6d;
const S = 0x73;
const W = 0x77;

export const nativeDialects = {
  "native-json": native("native-json", jsonCodec, json, false),
  "native-msgpack": native("native-msgpack", msgpackCodec, msgpack, false),
  "native-json-deflate": native("native-json-deflate", jsonCodec, json, true),
  "native-msgpack-deflate": native("native-msgpack-deflate", msgpackCodec, msgpack, true),
} satisfies Record<string, Dialect>;
