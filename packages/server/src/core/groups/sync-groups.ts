import type { Core } from "../core.ts";
import { groupsAtOnce } from "./bounds.ts";
import { joinGroup, leaveGroup } from "./change-group.ts";
import { listGroupsOf } from "./list-groups.ts";

/** Groups that are changed side by side. */
const atOnce = 10;

/**
 * Makes these the only groups that the user is in; those with a name get it. Groups are changed one by one, those that the
 * user joins first: when one of them is full (`groupFull`) the user has left none. After a failure some are changed and
 * some are not; the same call again does the rest.
 */
export async function syncGroups(
  core: Core,
  userId: string,
  groups: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  const wanted = [...groups];
  await eachOf(wanted, ([groupId, name]) =>
    joinGroup(core, { groupId, userIds: [userId], ...(name !== undefined && { name }) }),
  );
  for (;;) {
    const present = await listGroupsOf(core, userId, { limit: groupsAtOnce });
    const left = present.filter(({ id }) => !groups.has(id));
    await eachOf(left, ({ id }) => leaveGroup(core, { groupId: id, userIds: [userId] }));
    if (present.length < groupsAtOnce || left.length === 0) return;
  }
}

async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce)
    await Promise.all(items.slice(from, from + atOnce).map(work));
}
