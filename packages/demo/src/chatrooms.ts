/** The chatrooms that anybody may enter. */

import type { Directory, Named } from "./directory.ts";
import type { Parlance } from "./parlance.ts";

const chatroomNames = ["Lobby", "Music"];

/** Returns what lists them; who asks first has them made, since Parlance may start after this. */
export function openChatrooms(directory: Directory, parlance: Parlance): () => Promise<Named[]> {
  const make = async (): Promise<void> => {
    const known = new Set(directory.chatrooms().map(({ name }) => name));
    for (const name of chatroomNames.filter((name) => !known.has(name)))
      directory.addChatroom({ id: await parlance.createChatroom(), name });
  };
  let making: Promise<void> | null = null;
  return async () => {
    making ??= make();
    await making.catch((error) => {
      // What failed is tried again by the next.
      making = null;
      throw error;
    });
    return directory.chatrooms();
  };
}
