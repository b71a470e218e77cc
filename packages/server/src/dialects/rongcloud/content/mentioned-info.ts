import type { Mentions } from "../../../ports/store-entries.ts";

const everybody = 1;
const listed = 2;

/** From `mentionedInfo` of a content; undefined: there is none that says whom. */
export function readMentionedInfo(info: unknown): Mentions | undefined {
  const { type, userIdList } = (info ?? {}) as { type?: unknown; userIdList?: unknown };
  if (Number(type) === everybody) return { userIds: [], isAll: true };
  if (!Array.isArray(userIdList)) return undefined;
  const userIds = userIdList.filter((id) => typeof id === "string" && id !== "");
  return userIds.length === 0 ? undefined : { userIds, isAll: false };
}

export const toMentionedInfo = ({ userIds, isAll }: Mentions) => ({
  type: isAll ? everybody : listed,
  userIdList: userIds,
  mentionedContent: "",
});
