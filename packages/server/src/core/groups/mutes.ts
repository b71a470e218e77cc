import type { Millis } from "../../ports/store.ts";
import type { GroupMute } from "../../ports/store-groups.ts";
import type { Core } from "../core.ts";
import { exemptInOneGroup, mutedInOneGroup } from "./bounds.ts";

/*
 * Who may not write in groups. All of it binds what people's clients send, not what the app itself does; it is kept by the
 * groups' ids, whether there are such groups or not, and users need be no members. Nobody is told, but all nodes know at
 * once.
 */

export interface MuteInGroup {
  /** Null: in every group of the app. */
  groupId: string | null;
  userIds: string[];
  /** Null: until it is lifted. A mute that is given again ends as the newer one says. */
  minutes: number | null;
}

/** Throws `invalidInput` above 10,000 in a group, or above the app's `mutedInAllGroups`. */
export async function muteInGroup(core: Core, { groupId, userIds, minutes }: MuteInGroup): Promise<void> {
  const mutedAt = Date.now();
  const until: Millis | null = minutes === null ? null : mutedAt + minutes * 60_000;
  const most = groupId === null ? core.settings.mutedInAllGroups : mutedInOneGroup;
  await core.store.muteInGroup(groupId, userIds, { mutedAt, until, most });
  tell(core, [groupId]);
  core.log.info({ group: groupId, users: userIds.length, minutes }, "muted in group");
}

export async function unmuteInGroup(core: Core, groupId: string | null, userIds: string[]): Promise<void> {
  await core.store.unmuteInGroup(groupId, userIds);
  tell(core, [groupId]);
  core.log.info({ group: groupId, users: userIds.length }, "unmuted in group");
}

/** In the order of their ids; null: of those who are muted in every group. */
export const listMutedInGroup = (core: Core, groupId: string | null): Promise<GroupMute[]> =>
  core.store.listGroupMutes(groupId, Date.now());

/** Only those who are exempt may write there from now on. */
export async function muteGroups(core: Core, groupIds: string[]): Promise<void> {
  await core.store.muteGroups(groupIds, Date.now());
  tell(core, groupIds);
  core.log.info({ groups: groupIds }, "groups muted");
}

export async function unmuteGroups(core: Core, groupIds: string[]): Promise<void> {
  await core.store.unmuteGroups(groupIds);
  tell(core, groupIds);
  core.log.info({ groups: groupIds }, "groups unmuted");
}

/** From mutes of the whole group, not from one of their own. Throws `invalidInput` above 10,000 in a group. */
export async function exemptFromMute(core: Core, groupId: string, userIds: string[]): Promise<void> {
  await core.store.exemptFromMute(groupId, userIds, { at: Date.now(), most: exemptInOneGroup });
  tell(core, [groupId]);
  core.log.info({ group: groupId, users: userIds.length }, "exempted from mute");
}

export async function endExemption(core: Core, groupId: string, userIds: string[]): Promise<void> {
  await core.store.endExemption(groupId, userIds);
  tell(core, [groupId]);
  core.log.info({ group: groupId, users: userIds.length }, "exemption ended");
}

function tell(core: Core, groupIds: (string | null)[]): void {
  // Here too if nobody of the app is connected to this node.
  core.groupRules.forget(groupIds);
  core.publish({ kind: "groupRulesChanged", groupIds });
}
