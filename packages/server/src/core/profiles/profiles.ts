import type { FieldsChange, Profile } from "../../ports/store-profiles.ts";
import { assertUserId } from "../conversations/direct.ts";
import type { Core } from "../core.ts";
import { numberField, readFields, readOwnFields, textField } from "../fields/field-kinds.ts";
import { listFriendIds } from "../friends/list-friends.ts";
import { tellUsers } from "../notices/give-notice.ts";

const profileFields = {
  uniqueId: textField(32),
  name: textField(64),
  portraitUri: textField(1024),
  email: textField(128),
  birthday: textField(32),
  gender: numberField(0, 2),
  location: textField(32),
  role: numberField(0, 100),
  level: numberField(0, 100),
};

/** Up to 32 characters. */
const ownName = /^ext_[A-Za-z]\w{0,27}$/;

export interface SetProfile {
  fields?: Record<string, unknown>;
  ownFields?: Record<string, unknown>;
}

/**
 * Fields that are named change, the others stay; an empty one is taken away. The user's devices and friends are told.
 * Throws `fieldUnknown`, `fieldTooLong`, `fieldNotNumber`, `fieldOutOfRange`, `ownFieldWrong`, `tooManyFields`.
 */
export async function setProfile(core: Core, userId: string, given: SetProfile): Promise<Profile> {
  assertUserId(userId);
  const change: FieldsChange = {};
  if (given.fields) change.fields = readFields(profileFields, given.fields);
  if (given.ownFields) change.ownFields = readOwnFields(ownName, given.ownFields);
  const profile = await core.store.saveProfile(userId, change, core.settings.profileOwnFields);
  core.log.debug({ user: userId, version: profile.version }, "profile changed");
  await tell(core, userId, { ...change, version: profile.version });
  return profile;
}

/** Nothing is left of these profiles. Those who had none are passed over. */
export async function cleanProfiles(core: Core, userIds: string[]): Promise<void> {
  for (const userId of await core.store.cleanProfiles(userIds)) await tell(core, userId, { isCleaned: true });
}

export const findProfiles = (core: Core, userIds: string[]): Promise<Profile[]> =>
  core.store.findProfiles(userIds);

export const listProfiles = (
  core: Core,
  page: { offset: number; limit: number; isNewestFirst: boolean },
): Promise<Profile[]> => core.store.listProfiles(page);

async function tell(core: Core, userId: string, data: Record<string, unknown>): Promise<void> {
  const friends = await listFriendIds(core, userId);
  tellUsers(core, [userId, ...friends], { kind: "profileChanged", userIds: [userId], data });
}
