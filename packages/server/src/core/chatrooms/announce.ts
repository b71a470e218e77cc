import type { Conversation } from "../../ports/store.ts";
import type { ChatroomChange } from "../../ports/store-chatrooms.ts";
import type { Core } from "../core.ts";

/** Who came and who went is named up to so many; beyond that only how many are there. */
export const mostNamed = 100;

/** Tells of what a write did to a chatroom, but for whom it let in. */
export function announceChange(
  core: Pick<Core, "publish">,
  conversation: Conversation,
  { joined, left, stillMembers, memberCount, revision, removedKeys }: ChatroomChange,
): void {
  const userIds = stillMembers.length === 0 ? left : left.filter((userId) => !stillMembers.includes(userId));
  if (userIds.length > 0) core.publish({ kind: "chatroomLeft", conversation, userIds });
  if (joined.length > 0 || left.length > 0) {
    const isNamed = joined.length + left.length <= mostNamed;
    const names = isNamed ? { joined, left } : null;
    core.publish({ kind: "chatroomMembersChanged", conversation, names, memberCount, revision });
  }
  if (removedKeys.length > 0) core.publish({ kind: "chatroomKeysChanged", conversation, keys: removedKeys });
}
