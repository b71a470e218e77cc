import { type Address, type Plan, type Prepared, type Seat, targetOf } from "./dialect.ts";
import { inParallel, seating } from "./seating.ts";

/** The back end that the generator plays: users, sessions and rooms over Parlance's REST API, whatever the apps speak. */

/** The back end's secret; the server under test is started with it. */
export const benchSecret = "benchsecret-0001";

const REQUESTS_AT_ONCE = 64;
const REQUEST_MILLIS = 30_000;

/** The user in the seat with this index, as the back end calls them. */
export const userOf = (index: number): string => `user-${String(index).padStart(6, "0")}`;

const roomTypes = { regular: 1, mass: 3 } as const;

/** Calls one server after the other, as a balancer would have it. */
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

/** One user, one device and one room a connection. `doorOf` says where a token and a room's identifier lead in a dialect. */
export async function prepareByRest(
  targets: readonly Address[],
  plan: Plan,
  doorOf: (token: string, room: string) => Pick<Seat, "path" | "room">,
): Promise<Prepared> {
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
      ...doorOf(tokens[index] as string, rooms[room] as string),
      role,
      index,
    }),
  );
  return { seats, sessions: { count: places.length, seconds } };
}
