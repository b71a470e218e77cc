import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import type { GroupChanged } from "../../ports/store-groups.ts";
import type { HostedGroup } from "../../ports/store-hosted-groups.ts";
import { distinctMemberIds } from "../conversations/member-ids.ts";
import type { Core } from "../core.ts";
import { announceGroupChange } from "../groups/announce-change.ts";
import { joinGroup } from "../groups/change-group.ts";
import { endExemption, unmuteInGroup } from "../groups/mutes.ts";
import { tellGroup } from "../notices/give-notice.ts";
import { onceKnown } from "../once-known.ts";
import { requireHosted } from "./find-hosted.ts";

/** What is forgotten of who leaves; what isn't waits for them to come back. */
export interface Forgetting {
  mutes: boolean;
  exemptions: boolean;
  follows: boolean;
}

const forgetAll: Forgetting = { mutes: true, exemptions: true, follows: true };

/** Those who are in it already stay so. Whoever may join from a client, the app lets in whom it wants. Throws `groupFull`. */
export async function joinHosted(core: Core, groupId: string, userIds: string[]): Promise<HostedGroup> {
  const { conversation } = await requireHosted(core, groupId);
  await joinGroup(core, { groupId, userIds });
  tellGroup(core, conversation, { kind: "groupOperation", operation: "join", userIds }, userIds);
  return requireHosted(core, groupId);
}

export interface LeaveHosted {
  userIds: string[];
  /** By themselves, or because the app wants it. */
  how: "quit" | "kick";
  forget: Forgetting;
}

/** Those who are no members are passed over. Throws `ownerStays` with the owner among them: then nobody leaves. */
export async function leaveHosted(core: Core, groupId: string, leave: LeaveHosted): Promise<void> {
  const { conversation } = await requireHosted(core, groupId);
  await remove(core, conversation, leave);
}

async function remove(core: Core, conversation: Conversation, leave: LeaveHosted): Promise<void> {
  const wanted = distinctMemberIds(core, leave.userIds);
  const removed = await core.store.removeHostedMembers(conversation.id, wanted);
  if (removed.length > 0) announceLeave(core, conversation, removed, leave.how);
  // Also of those who were gone before: a call that was cut off is made whole by repeating it.
  await forget(core, conversation, wanted, leave.forget);
}

function announceLeave(core: Core, conversation: Conversation, userIds: string[], how: "quit" | "kick") {
  core.publish({ kind: "membersRemoved", conversation, userIds });
  tellGroup(core, conversation, { kind: "groupOperation", operation: how, userIds }, userIds);
  core.log.info({ group: conversation.key, left: userIds.length, how }, "group changed");
}

async function forget(
  core: Core,
  { id, key }: Conversation,
  userIds: string[],
  { mutes, exemptions, follows }: Forgetting,
): Promise<void> {
  if (mutes) await unmuteInGroup(core, key, userIds);
  if (exemptions) await endExemption(core, key, userIds);
  if (follows) await core.store.forgetFollows(id, userIds);
}

const groupsAtOnce = 50;

/** Out of every hosted group that the user doesn't own. */
export async function kickFromAll(core: Core, userId: string): Promise<void> {
  const leave = { userIds: [userId], how: "kick", forget: forgetAll } as const;
  for (let after: { joinedAt: number; conversationId: number } | null = null; ; ) {
    const page = { after, isNewestFirst: false, limit: groupsAtOnce };
    const groups = await core.store.listJoinedGroups(userId, null, page);
    const left = groups.filter(({ role }) => role !== 3);
    await Promise.all(
      left.map(({ conversation }) => kickOne(core, conversation, { ...leave, userIds: [userId] })),
    );
    const last = groups.at(-1);
    if (last === undefined || groups.length < groupsAtOnce) return;
    after = { joinedAt: last.joinedAt, conversationId: last.conversation.id };
  }
}

async function kickOne(core: Core, conversation: Conversation, leave: LeaveHosted): Promise<void> {
  try {
    await remove(core, conversation, leave);
  } catch (error) {
    // Theirs, or nobody's, since it was listed.
    const isOver = ["ownerStays", "conversationNotFound", "groupNotHosted"];
    if (!(error instanceof ParlanceError) || !isOver.includes(error.code)) throw error;
  }
}

/** Everybody leaves, and nothing is kept of the group but its messages. */
export async function dismissHosted(core: Core, groupId: string): Promise<void> {
  const { conversation } = await requireHosted(core, groupId);
  const announce = (changed: GroupChanged) => {
    // While they still listen to it.
    tellGroup(core, conversation, { kind: "groupOperation", operation: "dismiss" });
    announceGroupChange(core, changed, null);
  };
  try {
    announce(await core.store.changeGroup({ groupId, isDismissed: true }));
  } catch (error) {
    onceKnown(error, announce);
    throw error;
  }
}

/** The new owner is a member. The former one stays as a member, or leaves. Throws `notMember`. */
export async function transferOwner(
  core: Core,
  groupId: string,
  { ownerId, leaves }: { ownerId: string; leaves: Forgetting | null },
): Promise<void> {
  const { conversation } = await requireHosted(core, groupId);
  const { previousId, hasLeft } = await core.store.setGroupOwner(conversation.id, ownerId, leaves !== null);
  const data = { from: previousId };
  tellGroup(core, conversation, { kind: "groupOperation", operation: "transfer", userIds: [ownerId], data });
  if (hasLeft) announceLeave(core, conversation, [previousId], "quit");
  if (leaves && previousId !== ownerId) await forget(core, conversation, [previousId], leaves);
}
