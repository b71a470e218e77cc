import { ParlanceError } from "../../errors.ts";
import type { HostedGroup } from "../../ports/store-hosted-groups.ts";
import type { Core } from "../core.ts";
import { findGroup } from "../groups/change-group.ts";

/** Throws `conversationNotFound`, `groupNotHosted`. */
export async function requireHosted(core: Core, groupId: string): Promise<HostedGroup> {
  const conversation = await findGroup(core, groupId);
  if (conversation === null) throw new ParlanceError("conversationNotFound");
  const [group] = await core.store.findHostedGroups([conversation.id]);
  if (group) return group;
  const [member] = await core.store.listMembers(conversation.id, null, 1);
  // A dismissed group is as good as none.
  throw new ParlanceError(member === undefined ? "conversationNotFound" : "groupNotHosted");
}

/** Those that are hosted, in the order of the ids. */
export async function findHosted(core: Core, groupIds: string[]): Promise<HostedGroup[]> {
  const found = await Promise.all(groupIds.map((groupId) => findGroup(core, groupId)));
  const ids = found.flatMap((conversation) => (conversation === null ? [] : [conversation.id]));
  const groups = new Map(
    (await core.store.findHostedGroups(ids)).map((group) => [group.conversation.id, group]),
  );
  return ids.flatMap((id) => groups.get(id) ?? []);
}
