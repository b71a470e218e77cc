import type { ParamsOf, ResultOf } from "@parlance/protocol";
import { ParlanceError } from "../../../errors.ts";
import { Refusal } from "../refusal.ts";
import { toPresence } from "../wire-presence.ts";
import { type Call, inOrder, read } from "./method.ts";

const watchByDefault = 600;

async function watch(
  { connection }: Call,
  { userIds, seconds = watchByDefault }: ParamsOf<"presence.watch">,
): Promise<ResultOf<"presence.watch">> {
  const watched = await connection.app.watch.watch(connection, userIds, seconds).catch((error) => {
    // The call itself is within its bounds: it is what the connection watches in all.
    if (error instanceof ParlanceError && error.code === "invalidInput") throw new Refusal("tooManyWatched");
    throw error;
  });
  const expiresAt = (Date.now() + watched.seconds * 1000) * 1000;
  return { users: watched.states.map(toPresence), expiresAt };
}

async function unwatch(
  { connection }: Call,
  { userIds }: ParamsOf<"presence.unwatch">,
): Promise<ResultOf<"presence.unwatch">> {
  connection.app.watch.unwatch(connection, userIds);
  return {};
}

async function get({ connection }: Call, { userIds }: ParamsOf<"user.get">): Promise<ResultOf<"user.get">> {
  const users = await connection.core.store.findUsers([...new Set(userIds)]);
  return {
    users: users.map(({ id, customData }) => ({ id, ...(customData === null ? {} : { data: customData }) })),
  };
}

const ping = async (): Promise<ResultOf<"ping">> => ({ now: Date.now() * 1000 });

export const peopleMethods = [
  inOrder("ping", ping),
  inOrder("presence.watch", watch),
  inOrder("presence.unwatch", unwatch),
  read("user.get", get),
];
