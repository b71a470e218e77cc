/**
 * What the page asks of this back end, one row a call. Only `socket-session` and the rows about rooms lead to
 * Parlance; the page itself talks to Parlance over the socket alone.
 */
import { type Body, takeName, takeNames, takeText } from "./body.ts";
import { suggestedNames } from "./demo-rooms.ts";
import { type Parlance, roomTypes } from "./parlance.ts";
import { Refusal } from "./refusal.ts";
import { describeUser, maxMembers, type Rooms } from "./rooms.ts";
import type { User, Users } from "./users.ts";

export interface Backend {
  users: Users;
  rooms: Rooms;
  parlance: Parlance;
  welcome(user: User): Promise<void>;
  openSocketSession(user: User, deviceId: string): Promise<unknown>;
}

export interface Call extends Backend {
  /** Who is asking; absent only on rows that are open to strangers. */
  user: User;
  /** The bearer token it was asked with. */
  token: string;
  /** The numbers and ids in the path, in order. */
  path: string[];
  body: Body;
}

export interface Route {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** `*` stands for one segment. */
  path: string;
  isOpen?: true;
  run(call: Call): unknown;
}

const findByName = (users: Users, name: string): User => {
  const user = users.find(name);
  if (!user) throw new Refusal(404, `Nobody called “${name}” has signed in here yet.`);
  return user;
};

const roomId = ({ path }: Call): number => Number(path[0]);
/** The answer of calls that have nothing to tell. */
const done = (_result?: unknown) => ({});

export const routes: Route[] = [
  { method: "GET", path: "suggestions", isOpen: true, run: () => ({ names: suggestedNames }) },
  {
    method: "POST",
    path: "login",
    isOpen: true,
    run: async ({ users, welcome, body }) => {
      const user = users.findOrCreate(takeName(body, "name"));
      await welcome(user);
      return { token: users.signIn(user.id), user: describeUser(user) };
    },
  },
  {
    method: "POST",
    path: "logout",
    run: async ({ users, parlance, token, body }) => {
      users.signOut(token);
      // The socket's session ends with the login; one that is gone already is no reason to complain.
      if (typeof body.socket_token === "string" && body.socket_token !== "")
        await parlance.closeSession(takeText(body, "socket_token", 1_000)).catch(done);
      return {};
    },
  },
  { method: "GET", path: "me", run: ({ user }) => ({ user: describeUser(user) }) },
  {
    method: "POST",
    path: "socket-session",
    run: ({ user, body, openSocketSession }) =>
      openSocketSession(user, takeText(body, "device_identifier", 100)),
  },
  { method: "GET", path: "rooms", run: ({ rooms, user }) => ({ rooms: rooms.list(user) }) },
  {
    method: "POST",
    path: "rooms",
    run: async ({ users, rooms, user, body }) => {
      const members = takeNames(body, "members", maxMembers).map((name) => findByName(users, name));
      const name = takeName(body, "name");
      const greeting = `${user.name} created “${name}”`;
      const room = await rooms.create(name, roomTypes.regular, user, members, greeting);
      return rooms.describe(room, user);
    },
  },
  {
    method: "PATCH",
    path: "rooms/*",
    run: async (call) => {
      const { rooms, user, body } = call;
      return rooms.describe(await rooms.rename(roomId(call), user, takeName(body, "name")), user);
    },
  },
  {
    method: "DELETE",
    path: "rooms/*",
    run: async (call) => done(await call.rooms.delete(roomId(call), call.user)),
  },
  {
    method: "POST",
    path: "rooms/*/join",
    run: async (call) => call.rooms.describe(await call.rooms.join(roomId(call), call.user), call.user),
  },
  {
    method: "POST",
    path: "rooms/*/leave",
    run: async (call) => done(await call.rooms.leave(roomId(call), call.user)),
  },
  {
    method: "POST",
    path: "rooms/*/members",
    run: async (call) => {
      const { users, rooms, user, body } = call;
      const added = findByName(users, takeName(body, "name"));
      return rooms.describe(await rooms.add(roomId(call), user, added), user);
    },
  },
  {
    method: "DELETE",
    path: "rooms/*/members/*",
    run: async (call) => {
      const { rooms, user, path } = call;
      return rooms.describe(await rooms.remove(roomId(call), user, path[1] ?? ""), user);
    },
  },
  {
    method: "POST",
    path: "rooms/*/announce",
    run: async (call) =>
      done(await call.rooms.announce(roomId(call), call.user, takeText(call.body, "text", 1_000))),
  },
  {
    method: "POST",
    path: "rooms/*/report",
    run: async (call) => {
      const { rooms, parlance, user, body } = call;
      const { chatRoomIdentifier } = rooms.findOwn(roomId(call), user);
      const messageId = takeText(body, "message_timestamp_identifier", 19);
      const type = Number(body.report_type);
      if (!/^\d+$/.test(messageId) || ![1, 2, 3].includes(type))
        throw new Refusal(400, "A report needs a message and a reason from 1 to 3.");
      const comment = body.comment ? takeText(body, "comment", 500) : "";
      await parlance.reportMessage(user.id, chatRoomIdentifier, messageId, type, comment);
      return {};
    },
  },
];
