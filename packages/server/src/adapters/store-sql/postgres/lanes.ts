/**
 * What keeps writes in the order of their calls, where the order can be seen: those of one lane are run one after the
 * other, and lanes run beside each other.
 */

import type { ArgsOf, Writes } from "../operations/tables.ts";

type LaneOf<Name extends keyof Writes> = (...args: ArgsOf<Writes[Name]>) => string | null;

const conversation = (appId: number, conversationId: number): string => `${appId}/${conversationId}`;
const user = (appId: number, userId: string): string => `${appId} ${userId}`;
/** What a user sets about a conversation is theirs alone. */
const own = (appId: number, _conversationId: number, userId: string): string => user(appId, userId);
/** Of many users at once. */
const rules = (appId: number): string => `rules ${appId}`;
const group = (appId: number, groupId: string | null): string => `group ${appId} ${groupId ?? ""}`;
const friends = (appId: number, userId: string): string => `friends ${appId} ${userId}`;
const hosted = (appId: number, conversationId: number): string => `hosted ${appId}/${conversationId}`;
const none = () => null;

/** Null: beside everything. */
const lanes: { [Name in keyof Writes]: LaneOf<Name> } = {
  append: (appId, { conversationId }) => conversation(appId, conversationId),
  addMembers: conversation,
  removeMembers: conversation,
  deleteConversation: conversation,
  change: (appId, { conversationId }) => conversation(appId, conversationId),
  moveReadMark: conversation,
  createReport: (appId, { conversationId }) => conversation(appId, conversationId),
  openSession: (appId, { userId }) => user(appId, userId),
  updateSettings: own,
  clearHistory: own,
  removeFromList: own,
  deleteOwn: own,
  removeLogHour: none,
  clearLog: conversation,
  saveTag: user,
  renameTag: user,
  removeTag: user,
  registerUser: (appId, { id }) => user(appId, id),
  updateUser: user,
  deleteUser: user,
  eraseUser: user,
  addContacts: user,
  removeContacts: user,
  changeUserRules: rules,
  deactivateUsers: rules,
  reactivateUsers: rules,
  changeGroup: (appId, { groupId }) => group(appId, groupId),
  muteInGroup: group,
  unmuteInGroup: group,
  exemptFromMute: group,
  endExemption: group,
  muteGroups: (appId) => group(appId, null),
  unmuteGroups: (appId) => group(appId, null),
  saveProfile: user,
  cleanProfiles: none,
  addFriend: (appId, { userId }) => friends(appId, userId),
  deleteFriends: friends,
  clearFriends: friends,
  saveFriend: friends,
  setFriendPermission: (appId) => friends(appId, ""),
  hostGroup: (appId, { groupId }) => group(appId, groupId),
  saveHostedGroup: hosted,
  removeHostedMembers: hosted,
  setGroupOwner: hosted,
  addGroupAdmins: hosted,
  removeGroupAdmins: hosted,
  saveHostedMember: hosted,
  followMembers: hosted,
  unfollowMembers: hosted,
  forgetFollows: hosted,
  closeSession: none,
  createConversation: none,
  ensureConversation: none,
  ensureConversations: none,
  createApp: () => "apps",
  updateApp: () => "apps",
  deleteApp: () => "apps",
  purge: () => "purge",
  expire: () => "expire",
  updatePresence: (appId, leaseId) => `presence ${appId} ${leaseId}`,
  updateChatrooms: (appId) => `chatrooms ${appId}`,
  settleChatrooms: (appId) => `chatrooms ${appId}`,
  changeChatroomKeys: (appId, conversationId) => `keys ${appId}/${conversationId}`,
  takeLease: () => "lease",
  renewLease: () => "lease",
  endLease: () => "lease",
  purgePresence: () => "purge presence",
  saveWords: (appId) => `words ${appId}`,
  removeWords: (appId) => `words ${appId}`,
  takeRates: (appId, [claim]) => `rates ${appId} ${claim?.name}`,
  touch: none,
  presetSettings: own,
  tagConversations: user,
  untagConversations: user,
  savePushDevice: (appId, { userId }) => user(appId, userId),
  removePushDevice: user,
  forgetPushTokens: none,
  savePushPreferences: user,
  saveRemarks: user,
  removeRemark: user,
  saveGroupRemark: (appId, groupKey) => `remark ${appId}/${groupKey}`,
  setUserTags: (appId) => `tags ${appId}`,
  finishPushes: none,
  postponePushes: none,
  addPushJob: none,
  advancePushJob: (appId, id) => `push ${appId} ${id}`,
  finishPushJob: (appId, id) => `push ${appId} ${id}`,
  claimPushes: () => "claim pushes",
  claimPushJobs: () => "claim push jobs",
};

export const laneOf = (name: string, args: unknown[]): string | null =>
  (lanes as unknown as Record<string, ((...args: unknown[]) => string | null) | undefined>)[name]?.(
    ...args,
  ) ?? null;
