import type { Conversation } from "../../ports/store.ts";
import type { GroupChange, GroupChanged } from "../../ports/store-groups.ts";
import { distinctMemberIds } from "../conversations/member-ids.ts";
import type { Core } from "../core.ts";
import type { Speech } from "../messages/speak.ts";
import { readyToScreen, screenContent } from "../moderation/screen-content.ts";
import { onceKnown } from "../once-known.ts";
import { announceGroupChange } from "./announce-change.ts";
import { assertGroupId } from "./group-id.ts";
import { planNotice } from "./notice.ts";

interface Change {
  groupId: string;
  /** Absent: it keeps its name. */
  name?: string;
  /** Said with the change: it is stored if the change is, and otherwise nobody hears it. What it answers is passed over. */
  notice?: Speech;
}

export interface JoinGroup extends Change {
  userIds: string[];
  /** Members that the group may have then, if that is less than the app's `maxGroupMembers`. */
  most?: number;
}

/**
 * The group comes into being if there is none, or back if it was dismissed; those who are in it already stay so. Who comes
 * hears what is sent from now on, the notice first; what was sent before is theirs if the app's `historyBeforeJoining`
 * says so, or if they bring the group back. Throws `groupFull`, and then nothing has changed and nobody was told.
 */
export async function joinGroup(core: Core, { userIds, most, ...change }: JoinGroup): Promise<void> {
  const { maxGroupMembers, historyBeforeJoining } = core.settings;
  const join = {
    userIds: distinctMemberIds(core, userIds),
    most: Math.min(maxGroupMembers, most ?? maxGroupMembers),
    seesHistory: historyBeforeJoining,
  };
  await applyChange(core, change, { join });
}

/** Those who go hear the notice, and nothing after it; it is in nobody's history who is gone. */
export async function leaveGroup(
  core: Core,
  { userIds, ...change }: Change & { userIds: string[] },
): Promise<void> {
  await applyChange(core, change, { leave: distinctMemberIds(core, userIds) });
}

/**
 * Everybody leaves. Messages stay, without anybody to see them, until somebody joins the group again; `deleteConversation`
 * is the other thing, that nothing comes back from.
 */
export async function dismissGroup(core: Core, change: Change): Promise<void> {
  await applyChange(core, change, { isDismissed: true });
}

/** Of a group that is not there the name is kept as well. */
export async function renameGroup(core: Core, change: Change & { name: string }): Promise<void> {
  await applyChange(core, change, {});
}

async function applyChange(
  core: Core,
  { groupId, name, notice: given }: Change,
  how: Pick<GroupChange, "join" | "leave" | "isDismissed">,
): Promise<void> {
  assertGroupId(groupId);
  const change: GroupChange = { groupId, ...how };
  if (name !== undefined) change.name = name;
  if (given) await readyToScreen(core, {});
  const notice = given && { ...given, content: screenContent(core, given).content };
  const stored = notice?.isPersisted ? planNotice(core, notice) : null;
  if (stored !== null) change.message = stored;
  const said = notice === undefined ? null : { notice, stored };
  const announce = (changed: GroupChanged) => announceGroupChange(core, changed, said);
  let changed: GroupChanged;
  try {
    changed = await core.store.changeGroup(change);
  } catch (error) {
    onceKnown(error, announce);
    throw error;
  }
  announce(changed);
}

/** Null: there is none. */
export const findGroup = (core: Core, groupId: string): Promise<Conversation | null> =>
  core.conversations.find(groupId, ["group"]);
