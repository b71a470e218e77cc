import {
  type Address,
  type Dialect,
  kind,
  type Plan,
  type Prepared,
  type Seat,
  targetOf,
} from "./dialect.ts";
import { seating } from "./seating.ts";

/**
 * Engine.IO 4 and Socket.IO 5 packets over one WebSocket: `0{…}` opens, `40` connects, `42["m",{…}]` is an event,
 * `2` is a ping and `3` its answer. The baseline server takes the room from the query.
 */
export const socketio: Dialect = {
  name: "socketio",
  greeting: Buffer.from("40"),

  prepare(targets: readonly Address[], plan: Plan): Promise<Prepared> {
    const seats = Array.from(seating(plan), ({ index, room, member, role }): Seat => {
      const query = `EIO=4&transport=websocket&room=room-${room}&user=user-${index}`;
      return {
        ...targetOf(targets, room, member),
        path: `/socket.io/?${query}`,
        room: `room-${room}`,
        role,
        index,
      };
    });
    return Promise.resolve({ seats, sessions: null });
  },

  sendFrame: (room, text) => Buffer.from(`42${JSON.stringify(["m", { room, text }])}`),

  classify(bytes, start) {
    const engine = bytes[start];
    if (engine === TWO) return kind.answer;
    if (engine !== FOUR) return kind.other;
    const packet = bytes[start + 1];
    return packet === TWO ? kind.message : packet === ZERO ? kind.ready : kind.error;
  },

  answer: () => PONG,
};

const ZERO = 0x30;
const TWO = 0x32;
const FOUR = 0x34;
const PONG = Buffer.from("3");
