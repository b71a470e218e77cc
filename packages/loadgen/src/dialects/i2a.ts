import {
  type Address,
  type Dialect,
  kind,
  type Plan,
  type Prepared,
  type Seat,
  targetOf,
} from "./dialect.ts";
import { inParallel, seating } from "./seating.ts";

/** The back end's secret; the server under test is started with it. */
export const benchSecret = "benchsecret-0001";

const REQUESTS_AT_ONCE = 64;
const REQUEST_MILLIS = 30_000;
/** The user in the seat with this index, as the back end calls them. */
export const userOf = (index: number): string => `user-${String(index).padStart(6, "0")}`;

const roomTypes = { regular: 1, mass: 3 } as const;

/** A back end that calls one server after the other, as a balancer would have it. */
const api = (targets: readonly Address[]) => {
  let turn = 0;
  return async (path: string, body: object): Promise<Record<string, unknown>> => {
    const { host, port } = targetOf(targets, turn++, 0);
    const answer = await fetch(`http://${host}:${port}/server-to-server/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Application-Secret": benchSecret },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_MILLIS),
    });
    if (answer.status !== 201)
      throw new Error(`POST ${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return (await answer.json()) as Record<string, unknown>;
  };
};

/** I2A's REST API for the back end, its socket for the apps. One user, one device and one room a connection. */
export const i2a: Dialect = {
  name: "i2a",
  greeting: null,

  async prepare(targets: readonly Address[], plan: Plan): Promise<Prepared> {
    const post = api(targets);
    const places = [...seating(plan)];

    const tokens: string[] = new Array(places.length);
    const began = performance.now();
    await inParallel(places.length, REQUESTS_AT_ONCE, async (i) => {
      const session = await post("session/open-session/", {
        application_user_identifier: userOf(i),
        device_identifier: "bench",
        fcm_token: "",
        custom_data: '{"display_name":"Load Generator"}',
      });
      tokens[i] = String(session.token);
    });
    const seconds = (performance.now() - began) / 1000;

    const rooms: string[] = new Array(plan.rooms);
    await inParallel(plan.rooms, REQUESTS_AT_ONCE, async (room) => {
      const created = await post("chat-room/", {
        type: roomTypes[plan.roomKind],
        application_users_identifiers: Array.from({ length: plan.membersPerRoom }, (_, member) =>
          userOf(member * plan.rooms + room),
        ),
      });
      rooms[room] = String(created.identifier);
    });

    const seats = places.map(
      ({ index, room, member, role }): Seat => ({
        ...targetOf(targets, room, member),
        path: `/socket/?token=${encodeURIComponent(tokens[index] as string)}`,
        room: rooms[room] as string,
        role,
        index,
      }),
    );
    return { seats, sessions: { count: places.length, seconds } };
  },

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
