import type { NamedGroup } from "../../ports/store-groups.ts";
import type { Core } from "../core.ts";
import { groupsAtOnce } from "./bounds.ts";
import { findGroup } from "./change-group.ts";

/** In the order of their making; 5000 at most. */
export const listGroupsOf = (
  core: Core,
  userId: string,
  { offset = 0, limit = groupsAtOnce }: { offset?: number; limit?: number } = {},
): Promise<NamedGroup[]> => core.store.listGroupsOf(userId, { offset, limit: Math.min(limit, groupsAtOnce) });

const membersAtOnce = 1000;

/** In the order of their ids, at most `most`; nobody of a group that is not there. */
export async function listGroupMembers(core: Core, groupId: string, most: number): Promise<string[]> {
  const group = await findGroup(core, groupId);
  const members: string[] = [];
  if (group === null) return members;
  while (members.length < most) {
    const limit = Math.min(membersAtOnce, most - members.length);
    const page = await core.store.listMembers(group.id, members.at(-1) ?? null, limit);
    members.push(...page);
    if (page.length < limit) break;
  }
  return members;
}
