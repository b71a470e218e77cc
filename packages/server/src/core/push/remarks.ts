/** What a user calls others in notifications, and what a group calls its members in them. */

import type { Remark } from "../../ports/store-push.ts";
import { assertUserId } from "../conversations/direct.ts";
import type { Core } from "../core.ts";

/** Of one user. */
export const mostRemarks = 3000;

/** Those of the same target are replaced. Throws `invalidInput` above 3000 of one user. */
export async function saveRemarks(core: Core, userId: string, remarks: Remark[]): Promise<void> {
  assertUserId(userId);
  for (const { targetId } of remarks) assertUserId(targetId);
  await core.store.saveRemarks(userId, remarks, mostRemarks);
}

/** In the order of target ids. */
export const listRemarks = (core: Core, userId: string, page: { offset: number; limit: number }) =>
  core.store.listRemarks(userId, page);

/** Null takes it back. */
export async function saveGroupRemark(
  core: Core,
  groupId: string,
  userId: string,
  remark: string | null,
): Promise<void> {
  assertUserId(userId);
  await core.store.saveGroupRemark(groupId, userId, remark);
}
