/** Who this tab is, and the client that goes with it. */

import { type Client, connect, IndexedDbCache, MemoryCache } from "@parlance/client";
import { Chatrooms } from "../chatroom/chatrooms.ts";
import { addPerson, openSession } from "./back-end.ts";
import { takeDevice } from "./device.ts";
import { Names } from "./names.ts";

export interface Session {
  client: Client;
  names: Names;
  chatrooms: Chatrooms;
  name: string;
  close(): Promise<void>;
}

const storageKey = "parlance-demo:me";

interface Me {
  id: string;
  name: string;
}

/** Of this tab, so that another tab can be somebody else. */
export const rememberedPerson = (): Me | null => JSON.parse(sessionStorage.getItem(storageKey) ?? "null");
export const forgetPerson = (): void => sessionStorage.removeItem(storageKey);

export async function signIn(name: string): Promise<Session> {
  const me = await addPerson(name);
  sessionStorage.setItem(storageKey, JSON.stringify(me));
  return resume(me);
}

/** Opens with what the cache holds, offline too. */
export async function resume(me: Me): Promise<Session> {
  const device = await takeDevice(me.id);
  const address = new URL("/connect", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const client = await connect({
    url: address.href,
    userId: me.id,
    token: async () => (await openSession(me.name, device.id)).token,
    cache: await openCache(`parlance-demo:${me.id}:${device.id}`),
  });
  const names = new Names(client);
  names.set(me.id, me.name);
  const chatrooms = new Chatrooms(client, names);
  return {
    client,
    names,
    chatrooms,
    name: me.name,
    async close() {
      chatrooms.close();
      names.close();
      await client.close();
      device.release();
    },
  };
}

/** Private windows of some browsers refuse to keep anything. */
async function openCache(name: string) {
  try {
    const cache = new IndexedDbCache(name);
    await cache.load("");
    return cache;
  } catch {
    return new MemoryCache();
  }
}
