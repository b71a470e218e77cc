import type { Conversation } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { distinctMemberIds } from "./member-ids.ts";

/** Those who are members already stay so. They hear the conversation from now on and may read all of its history. */
export async function addMembers(core: Core, conversation: Conversation, userIds: string[]): Promise<void> {
  const added = await core.store.addMembers(conversation.id, distinctMemberIds(core, userIds));
  if (added.length === 0) return;
  const [head = { seq: 0, sentAt: 0 }] = await core.store.findHeads([conversation.id]);
  const { seq, sentAt } = head;
  core.publish({ kind: "membersAdded", conversation, userIds: added, seq, sentAt });
  core.log.info({ conversation: conversation.key, members: added.length }, "members added");
}

/** Those who are no members are passed over. What the removed have written stays. */
export async function removeMembers(
  core: Core,
  conversation: Conversation,
  userIds: string[],
): Promise<void> {
  const removed = await core.store.removeMembers(conversation.id, distinctMemberIds(core, userIds));
  if (removed.length === 0) return;
  core.publish({ kind: "membersRemoved", conversation, userIds: removed });
  core.log.info({ conversation: conversation.key, members: removed.length }, "members removed");
}
