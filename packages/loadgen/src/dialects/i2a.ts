import { prepareByRest } from "./back-end.ts";
import { type Dialect, kind } from "./dialect.ts";

/** I2A's socket for the apps. */
export const i2a: Dialect = {
  name: "i2a",
  greeting: null,

  prepare: (targets, plan) =>
    prepareByRest(targets, plan, (token, room) => ({
      path: `/socket/?token=${encodeURIComponent(token)}`,
      room,
    })),

  sendFrame: (room, text) =>
    Buffer.from(JSON.stringify({ type: "ROUTABLE", chat_room_identifier: room, message: text })),

  classify(bytes, start, end) {
    // `{"type":"ROUTABLE"…`: the tenth byte tells the types apart when the type comes first, as it does here.
    if (bytes[start + 2] === T && bytes[start + 8] === QUOTE) {
      const letter = bytes[start + 9];
      return letter === R ? kind.message : letter === E ? kind.error : kind.other;
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    if (/"type"\s*:\s*"ROUTABLE"/.test(text.toString("latin1"))) return kind.message;
    return text.includes('"ERROR"') ? kind.error : kind.other;
  },

  answer: () => new Uint8Array(0),
};

const T = 0x74; // the t of "type"
const QUOTE = 0x22;
const R = 0x52;
const E = 0x45;
