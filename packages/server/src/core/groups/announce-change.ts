import type { Conversation, Message } from "../../ports/store.ts";
import type { GroupChanged } from "../../ports/store-groups.ts";
import type { Core } from "../core.ts";
import type { GroupNotice } from "./change-group.ts";

type SentNotice = GroupNotice & { senderData: string | null };

/** Who came hears what is said, and who goes hears it too. */
export function announceGroupChange(core: Core, changed: GroupChanged, notice: SentNotice | null): void {
  const { conversation, joined, left, before } = changed;
  if (conversation === null) return;
  for (const userIds of pieces(core, joined)) {
    const { seq, sentAt } = before;
    core.publish({ kind: "membersAdded", conversation, userIds, seq, sentAt });
  }
  if (notice !== null) announceNotice(core, conversation, changed, notice);
  for (const userIds of pieces(core, left)) core.publish({ kind: "membersRemoved", conversation, userIds });
  if (joined.length + left.length > 0)
    core.log.info({ group: conversation.key, joined: joined.length, left: left.length }, "group changed");
}

function announceNotice(
  core: Core,
  conversation: Conversation,
  { message: stored, joined }: GroupChanged,
  { isStored, senderData, ...said }: SentNotice,
): void {
  if (!isStored) {
    const { senderId, type, content } = said;
    const signal = { conversation, senderId, senderData, type, content, at: Date.now() };
    core.publish({ kind: "signalSent", ...signal, ...(joined.length > 0 && { joinedIds: joined }) });
    return;
  }
  if (stored === null) return;
  const { sentAt, seq } = stored;
  const message: Message = {
    conversationId: conversation.id,
    sentAt,
    seq,
    isActive: true,
    ...said,
  };
  core.publish({ kind: "messageSent", conversation, message, senderData, marksRead: false });
}

/** An event names no more people than a call may. */
function* pieces(core: Core, userIds: string[]): Iterable<string[]> {
  const size = core.limits.memberIdsPerCall;
  for (let from = 0; from < userIds.length; from += size) yield userIds.slice(from, from + size);
}
