/** What a newcomer finds: two groups that everyone is in. */

import type { Directory } from "./directory.ts";
import type { Parlance } from "./parlance.ts";

export const suggestedNames = ["Ann", "Bob", "Cleo"];
const groupNames = ["Welcome", "Lunch"];

/** Returns what puts a user into the groups; the first one makes them. */
export function openWelcome(directory: Directory, parlance: Parlance): (userId: string) => Promise<void> {
  const making = new Map<string, Promise<string>>();
  const make = async (name: string, userId: string): Promise<string> => {
    const known = directory.groupNamed(name);
    if (known) return known.id;
    const id = await parlance.createGroup([userId]);
    directory.addGroup({ id, name });
    return id;
  };
  /** Once for all who come at once; what failed is tried again by the next. */
  const groupOf = (name: string, userId: string): Promise<string> => {
    const made = making.get(name) ?? make(name, userId);
    making.set(name, made);
    made.catch(() => making.delete(name));
    return made;
  };
  return async (userId) => {
    for (const name of groupNames) await parlance.addMembers(await groupOf(name, userId), [userId]);
  };
}
