/**
 * I2A's second diagram, "Connect to the chat server": [1] the page asks us, [2] we ask Parlance on behalf of the
 * user we know it to be, [3] Parlance answers a token, [4] the page gets it, [5] and opens the socket with it.
 */
import type { Parlance } from "./parlance.ts";
import { describeUser } from "./rooms.ts";
import type { User } from "./users.ts";

export interface SocketAddress {
  /** Path or full `ws:` address of Parlance's socket, as the page can reach it. */
  socketUrl: string;
  /** The app's public key; when absent, the part of the token after its last ":" tells it. */
  appKey?: string | undefined;
}

export const openSocketSession = async (
  parlance: Parlance,
  { socketUrl, appKey }: SocketAddress,
  user: User,
  deviceId: string,
) => {
  const { name, initials, hue } = describeUser(user);
  // Parlance shows this to everyone who sees a message or a read mark of the user; it never looks inside.
  const token = await parlance.openSession(user.id, deviceId, { display_name: name, initials, hue });
  const key = appKey ?? token.slice(token.lastIndexOf(":") + 1);
  // On the socket, ids carry the app's key. Told its full id, the page can compare without taking ids apart.
  return { token, socket_url: socketUrl, app_user_identifier: `${user.id}:${key}` };
};
