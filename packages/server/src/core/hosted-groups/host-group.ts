import type { HostedGroup } from "../../ports/store-hosted-groups.ts";
import { distinctMemberIds } from "../conversations/member-ids.ts";
import type { Core } from "../core.ts";
import { announceGroupChange } from "../groups/announce-change.ts";
import { assertGroupId } from "../groups/group-id.ts";
import { tellGroup } from "../notices/give-notice.ts";
import { type GivenFacts, readFacts, readNewFacts } from "./facts.ts";
import { requireHosted } from "./find-hosted.ts";

interface HostGroup extends GivenFacts {
  groupId: string;
  name: string;
  ownerId: string;
}

/** Throws `groupExists` where somebody is in a group of this id, `groupFull`, and as `readFacts` does. */
export async function createHostedGroup(
  core: Core,
  { userIds, ...group }: HostGroup & { userIds: string[] },
): Promise<void> {
  await host(core, group, userIds, true);
}

/** The group is there with its members; the owner comes into it if need be. Throws `conversationNotFound`, `groupExists`. */
export async function importGroup(core: Core, group: HostGroup): Promise<void> {
  await host(core, group, [], false);
}

async function host(core: Core, group: HostGroup, userIds: string[], isNew: boolean): Promise<void> {
  const { groupId, ownerId } = group;
  assertGroupId(groupId);
  const { name = "" } = readFacts({ name: group.name });
  const facts = readNewFacts(group, core.settings.groupOwnFields);
  const memberIds = distinctMemberIds(core, [ownerId, ...userIds]);
  const join = {
    userIds: memberIds,
    most: core.settings.maxGroupMembers,
    seesHistory: core.settings.historyBeforeJoining,
  };
  const changed = await core.store.hostGroup({ ...facts, groupId, name, ownerId, join, isNew });
  announceGroupChange(core, changed, null);
  if (changed.conversation === null) return;
  if (isNew) {
    const told = { kind: "groupOperation", operation: "create", userIds: memberIds } as const;
    tellGroup(
      core,
      changed.conversation,
      { ...told, userIds: memberIds, data: { owner: ownerId } },
      memberIds,
    );
  } else tellGroup(core, changed.conversation, { kind: "groupInfoChanged", data: { name, owner: ownerId } });
  core.log.info({ group: groupId, owner: ownerId, isNew }, "group hosted");
}

/** What is named changes, the rest stays; an empty field is taken away. The members are told. */
export async function updateHostedGroup(
  core: Core,
  groupId: string,
  given: GivenFacts,
): Promise<HostedGroup> {
  const change = readFacts(given);
  const { conversation } = await requireHosted(core, groupId);
  const group = await core.store.saveHostedGroup(conversation.id, change, core.settings.groupOwnFields);
  tellGroup(core, conversation, { kind: "groupInfoChanged", data: { ...change } });
  return group;
}
