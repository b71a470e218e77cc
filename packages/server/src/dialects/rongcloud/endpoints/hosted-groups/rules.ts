import Type from "typebox";
import { allPermissions } from "../../../../core/hosted-groups/facts.ts";
import type { HostedGroup } from "../../../../ports/store-hosted-groups.ts";
import { fields, fieldsText, hosting, millis, zeroOrOne } from "../../hosting.ts";
import { optional, text, wholeNumber } from "../../params.ts";

/** A hosted group's `run`, with the codes that this area has. */
export const onGroup = hosting({
  conversationNotFound: 25410,
  notMember: 25418,
  groupFull: 25411,
  fieldUnknown: 25403,
  fieldTooLong: 25406,
  fieldNotNumber: 25408,
  fieldOutOfRange: 25403,
  ownFieldWrong: 25407,
  tooManyFields: 25403,
  invalidInput: 25432,
});

export const factsParams = {
  groupProfile: optional(fields("JSON text: introduction, announcement, portraitUrl.")),
  permissions: optional(
    fields("JSON text: joinPerm, removePerm, memInvitePerm, invitePerm, profilePerm, memProfilePerm."),
  ),
  groupExtProfile: optional(fields("JSON text of fields of your own.")),
};

interface Given {
  groupProfile?: Record<string, unknown>;
  permissions?: Record<string, unknown>;
  groupExtProfile?: Record<string, unknown>;
}

export const factsOf = ({ groupProfile, permissions, groupExtProfile }: Given) => ({
  ...(groupProfile && { fields: groupProfile }),
  ...(permissions && { permissions }),
  ...(groupExtProfile && { ownFields: groupExtProfile }),
});

export const factsNote =
  "groupProfile: introduction (512 characters), announcement (1024), portraitUrl (128). groupExtProfile: names that begin with ext_ (32 characters), values of 256, at most as many as the app's groupOwnFields. permissions, all 0 if nothing is said: joinPerm 0 the owner approves, 1 free, 2 owner or admins approve, 3 nobody joins; removePerm, memInvitePerm, profilePerm 0 owner, 1 owner and admins, 2 everybody; invitePerm 0 at once, 1 the invited consents; memProfilePerm 0 owner, admins and oneself, 1 owner and oneself, 2 oneself. They bind what clients ask for, not these calls.";

/** The group as most answers have it; `name` is called otherwise in some. */
export const toGroup = (group: HostedGroup) => ({
  groupId: group.conversation.key,
  groupProfile: fieldsText(group.fields),
  groupExtProfile: fieldsText(group.ownFields),
  permissions: fieldsText(allPermissions(group.permissions)),
  owner: group.ownerId,
  createTime: millis(group.createdAt),
  memberCount: group.memberCount,
});

export const groupResult = {
  groupId: Type.String(),
  groupProfile: Type.String({ description: "JSON text." }),
  groupExtProfile: Type.String({ description: "JSON text." }),
  permissions: Type.String({ description: "JSON text." }),
  owner: Type.String(),
  createTime: Type.Integer({ description: "Milliseconds." }),
  memberCount: Type.Integer(),
};

export const groupExample = {
  groupId: "g01",
  groupProfile: '{"introduction":"Lunch at noon"}',
  groupExtProfile: "{}",
  permissions:
    '{"joinPerm":0,"removePerm":0,"memInvitePerm":0,"invitePerm":0,"profilePerm":0,"memProfilePerm":0}',
  owner: "u01",
  createTime: 1_767_225_600_000,
  memberCount: 2,
};

export const pageParams = (most: number) => ({
  pageToken: optional(text({ maxLength: 600, description: "Of the page before." })),
  size: optional(wholeNumber({ minimum: 1, maximum: most, default: 50 })),
  order: optional(zeroOrOne("0 oldest first, 1 newest first.", 1)),
});

export const readPage = ({
  pageToken,
  size = 50,
  order = 1,
}: {
  pageToken?: string;
  size?: number;
  order?: number;
}) => ({ after: pageToken || null, isNewestFirst: order === 1, limit: size });

/** What is forgotten of who leaves: all of it if nothing is said. */
export const forgetParams = {
  isDelBan: optional(zeroOrOne("1: their mute in the group ends.", 1)),
  isDelWhite: optional(zeroOrOne("1: their exemption from its mute ends.", 1)),
  isDelFollowed: optional(zeroOrOne("1: whom they follow there, and who follows them, is forgotten.", 1)),
};

interface Flags {
  isDelBan?: number;
  isDelWhite?: number;
  isDelFollowed?: number;
}

export const toForget = ({ isDelBan = 1, isDelWhite = 1, isDelFollowed = 1 }: Flags) => ({
  mutes: isDelBan === 1,
  exemptions: isDelWhite === 1,
  follows: isDelFollowed === 1,
});
