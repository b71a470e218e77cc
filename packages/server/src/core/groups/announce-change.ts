import type { GroupChanged } from "../../ports/store-groups.ts";
import type { Core } from "../core.ts";
import { type SaidNotice, tellNotice } from "./notice.ts";

/** Who came hears what is said, and who goes hears it too. */
export function announceGroupChange(core: Core, changed: GroupChanged, said: SaidNotice | null): void {
  const { conversation, joined, left, before } = changed;
  if (conversation === null) return;
  const { seq, sentAt } = before;
  for (const userIds of pieces(core, joined))
    core.publish({ kind: "membersAdded", conversation, userIds, seq, sentAt });
  if (said !== null) tellNotice(core, conversation, changed, said);
  for (const userIds of pieces(core, left)) core.publish({ kind: "membersRemoved", conversation, userIds });
  if (joined.length + left.length > 0)
    core.log.info({ group: conversation.key, joined: joined.length, left: left.length }, "group changed");
}

/** An event names no more people than a call may. */
function* pieces(core: Core, userIds: string[]): Iterable<string[]> {
  const size = core.limits.memberIdsPerCall;
  for (let from = 0; from < userIds.length; from += size) yield userIds.slice(from, from + size);
}
