import { ParlanceError } from "../../errors.ts";
import type { GroupRole, HostedMember, MemberPlace } from "../../ports/store-hosted-groups.ts";
import type { Core } from "../core.ts";
import { readText } from "../fields/field-kinds.ts";
import { tellGroup, tellUsers } from "../notices/give-notice.ts";
import { requireHosted } from "./find-hosted.ts";

const nameLength = 64;
const extraLength = 128;

export interface HostedMemberPage {
  members: HostedMember[];
  total: number;
  /** For the next page; null: there is none. */
  next: string | null;
}

/** By the time of joining; `role` null: of any. Throws `invalidInput` for an `after` that is no `next`. */
export async function listHostedMembers(
  core: Core,
  groupId: string,
  page: { role: GroupRole | null; after: string | null; isNewestFirst: boolean; limit: number },
): Promise<HostedMemberPage> {
  const { role, isNewestFirst, limit } = page;
  const after = page.after === null ? null : readPlace(page.after);
  const { conversation } = await requireHosted(core, groupId);
  const [total, found] = await Promise.all([
    core.store.countHostedMembers(conversation.id, role),
    core.store.listHostedMembers(conversation.id, role, { after, isNewestFirst, limit: limit + 1 }),
  ]);
  const members = found.slice(0, limit);
  const last = members.at(-1);
  return { members, total, next: last && found.length > limit ? writePlace(last) : null };
}

/** Many join at the same moment, so that the place names the user besides. */
const writePlace = ({ joinedAt, userId }: MemberPlace): string =>
  Buffer.from(`m${joinedAt}.${userId}`).toString("base64url");

function readPlace(token: string): MemberPlace {
  const text = token.length > 500 ? "" : Buffer.from(token, "base64url").toString();
  const [, joinedAt, userId] = /^m(\d{1,16})\.(.+)$/s.exec(text) ?? [];
  if (joinedAt !== undefined && userId !== undefined) return { joinedAt: Number(joinedAt), userId };
  throw new ParlanceError("invalidInput", { cursor: "This is no cursor of ours." });
}

/** Those of these who are members, in the order of the ids. */
export async function findHostedMembers(
  core: Core,
  groupId: string,
  userIds: string[],
): Promise<HostedMember[]> {
  const { conversation } = await requireHosted(core, groupId);
  const found = await core.store.findHostedMembers(conversation.id, userIds);
  const members = new Map(found.map((member) => [member.userId, member]));
  return userIds.flatMap((userId) => members.get(userId) ?? []);
}

/** What a member is shown as in this group; what isn't named stays. The members are told. Throws `notMember`. */
export async function setHostedMember(
  core: Core,
  groupId: string,
  userId: string,
  { nickname, extra }: { nickname: string; extra?: string },
): Promise<void> {
  const change = {
    nickname: readText("nickname", nickname, nameLength),
    ...(extra === undefined ? {} : { extra: readText("extra", extra, extraLength) }),
  };
  const { conversation } = await requireHosted(core, groupId);
  await core.store.saveHostedMember(conversation.id, userId, change);
  tellGroup(core, conversation, { kind: "memberInfoChanged", userIds: [userId], data: change });
}

/** What a member calls the group, for themselves; empty takes it back. Throws `notMember`. */
export async function setGroupRemark(
  core: Core,
  groupId: string,
  userId: string,
  remarkName: string,
): Promise<void> {
  readText("remarkName", remarkName, nameLength);
  const { conversation } = await requireHosted(core, groupId);
  await core.store.saveHostedMember(conversation.id, userId, { remarkName });
  tellUsers(core, [userId], { kind: "remarkChanged", data: { remarkName } }, conversation);
}

/** Empty: they call it nothing else. Also what a push to them has as its title. */
export async function findGroupRemark(core: Core, groupId: string, userId: string): Promise<string> {
  const { conversation } = await requireHosted(core, groupId);
  return core.store.findHostedRemark(conversation.id, userId);
}
