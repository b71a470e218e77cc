import type { Core } from "../core.ts";
import { tellGroup } from "../notices/give-notice.ts";
import { requireHosted } from "./find-hosted.ts";

/** Of one group, besides its owner. */
const mostAdmins = 10;

/** Returns those who are no members, and were passed over. Throws `ownerStays`, `tooManyAdmins` with their `count`. */
export async function addAdmins(core: Core, groupId: string, userIds: string[]): Promise<string[]> {
  const { conversation } = await requireHosted(core, groupId);
  const { added, notMembers } = await core.store.addGroupAdmins(conversation.id, userIds, mostAdmins);
  if (added.length > 0)
    tellGroup(core, conversation, { kind: "groupOperation", operation: "addAdmin", userIds: added });
  return notMembers;
}

/** Those who are none are passed over. */
export async function removeAdmins(core: Core, groupId: string, userIds: string[]): Promise<void> {
  const { conversation } = await requireHosted(core, groupId);
  const removed = await core.store.removeGroupAdmins(conversation.id, userIds);
  if (removed.length > 0)
    tellGroup(core, conversation, { kind: "groupOperation", operation: "removeAdmin", userIds: removed });
}
