import type { GroupRole, HostedGroup, JoinedGroup } from "../../ports/store-hosted-groups.ts";
import { decodeToken, encodeToken } from "../conversations/page-token.ts";
import type { Core } from "../core.ts";

interface Page {
  /** `next` of the page before; null: from the beginning. */
  after: string | null;
  isNewestFirst: boolean;
  limit: number;
}

/** All of the app, by the time of hosting. Throws `invalidInput` for an `after` that is none. */
export async function listHostedGroups(
  core: Core,
  { after, isNewestFirst, limit }: Page,
): Promise<{ groups: HostedGroup[]; next: string | null }> {
  const place = after === null ? null : (decodeToken("h", after, 1)[0] ?? 0);
  const found = await core.store.listHostedGroups({ after: place, isNewestFirst, limit: limit + 1 });
  const groups = found.slice(0, limit);
  const last = groups.at(-1);
  return { groups, next: last && found.length > limit ? encodeToken("h", [last.createdAt]) : null };
}

/** Those of a user, by the time of joining; `role` null: of any. Throws as `listHostedGroups`. */
export async function listJoinedGroups(
  core: Core,
  userId: string,
  { role, after, isNewestFirst, limit }: Page & { role: GroupRole | null },
): Promise<{ groups: JoinedGroup[]; total: number; next: string | null }> {
  const [joinedAt, conversationId] = after === null ? [] : decodeToken("j", after, 2);
  const place = after === null ? null : { joinedAt: joinedAt ?? 0, conversationId: conversationId ?? 0 };
  const page = { after: place, isNewestFirst, limit: limit + 1 };
  const [total, found] = await Promise.all([
    core.store.countJoinedGroups(userId, role),
    core.store.listJoinedGroups(userId, role, page),
  ]);
  const groups = found.slice(0, limit);
  const last = groups.at(-1);
  const next = last && encodeToken("j", [last.joinedAt, last.conversation.id]);
  return { groups, total, next: next && found.length > limit ? next : null };
}
