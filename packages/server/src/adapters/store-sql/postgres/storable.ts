/** What PostgreSQL cannot hold is refused before it gets there, by name. */

import { ParlanceError } from "../../../errors.ts";
import type { NewMessage } from "../../../ports/store.ts";

/** Names of arguments that are texts or lists of texts themselves, by position. Fields of objects have names. */
const argumentNames: Record<string, Record<number, string>> = {
  closeSession: { 1: "tokenHash" },
  findSession: { 1: "tokenHash" },
  findUsers: { 1: "ids" },
  findConversation: { 1: "key", 2: "kinds" },
  findConversations: { 2: "keys" },
  addMembers: { 2: "userIds" },
  removeMembers: { 2: "userIds" },
  listMembers: { 2: "afterUserId" },
  listLatestTalks: { 1: "userIds" },
  isMember: { 2: "userId" },
  findMembers: { 2: "userIds" },
  findOpenSessions: { 1: "tokenHashes" },
  listMembershipsOf: { 1: "userIds" },
  moveReadMark: { 2: "userId" },
  findReadMarks: { 2: "userId" },
  findChatroomMembers: { 2: "userIds" },
  countUnread: { 2: "userId" },
  countMentions: { 2: "userId" },
  listMentions: { 2: "userId" },
  listEntriesSince: { 4: "userId" },
  findSent: { 2: "senderId", 3: "clientId" },
  listConversationStates: { 1: "userId" },
  listConversations: { 1: "userId" },
  syncConversations: { 1: "userId" },
  listVisibleMessages: { 2: "userId" },
  listReaders: { 3: "afterUserId" },
  updateSettings: { 2: "userId" },
  clearHistory: { 2: "userId" },
  removeFromList: { 2: "userId" },
  deleteOwn: { 2: "userId" },
  listTags: { 1: "userId" },
  saveTag: { 1: "userId" },
  renameTag: { 1: "userId" },
  removeTag: { 1: "userId", 2: "tagId" },
  presetSettings: { 2: "userId" },
  findOwnSettings: { 2: "userId" },
  tagConversations: { 1: "userId", 2: "tagId" },
  untagConversations: { 1: "userId", 2: "tagId" },
  listTagged: { 1: "userId", 2: "tagId" },
  removePushDevice: { 1: "userId", 2: "deviceId" },
  pagePushUsers: { 1: "afterUserId" },
  pageUsers: { 1: "afterUserId" },
  findPushTargets: { 1: "userIds" },
  findPushPreferences: { 1: "userId" },
  savePushPreferences: { 1: "userId" },
  findPushNames: { 1: "senderId", 2: "groupKey" },
  saveRemarks: { 1: "userId" },
  removeRemark: { 1: "userId", 2: "targetId" },
  listRemarks: { 1: "userId" },
  saveGroupRemark: { 1: "groupKey", 2: "userId", 3: "remark" },
  findGroupRemark: { 1: "groupKey", 2: "userId" },
  setUserTags: { 1: "userIds", 2: "tags" },
  listUserTags: { 1: "userIds" },
  pageTaggedUsers: { 1: "tag", 2: "afterUserId" },
  advancePushJob: { 1: "id", 2: "afterUserId" },
  updateUser: { 1: "userId" },
  findUserProfile: { 1: "userId" },
  findUserStates: { 1: "userIds" },
  changeUserRules: { 1: "userIds" },
  deactivateUsers: { 1: "userIds" },
  reactivateUsers: { 1: "userIds" },
  eraseUser: { 1: "userId" },
  deleteUser: { 1: "userId" },
  addContacts: { 1: "userId", 3: "contactIds" },
  removeContacts: { 1: "userId", 3: "contactIds" },
  findListing: { 1: "userIds", 3: "contactId" },
  listContacts: { 1: "userId" },
  updateApp: { 0: "key" },
  deleteApp: { 0: "key" },
};

const checkText = (value: unknown, name: string): void => {
  if (typeof value === "string" && value.includes("\0"))
    throw new ParlanceError("invalidInput", { [name]: "A text may not contain the character NUL." });
};

const checkValue = (value: unknown, name: string): void => {
  if (Array.isArray(value)) for (const one of value) checkValue(one, name);
  else if (typeof value === "object" && value !== null)
    for (const [field, one] of Object.entries(value)) {
      checkText(field, name);
      checkValue(one, field);
    }
  else checkText(value, name);
};

/** Throws `invalidInput` with the name of the text that has a NUL in it. */
export const requireStorable = (name: string, args: readonly unknown[]): void => {
  const names = argumentNames[name];
  for (const [index, value] of args.entries()) checkValue(value, names?.[index] ?? "input");
};

/** The same for a message, which also must be what its type says: one wrong row would fail a whole batch. */
export const requireStorableMessage = (message: NewMessage): void => {
  const { conversationId, senderId, clientId, type, content } = message;
  if (!Number.isSafeInteger(conversationId)) throw new ParlanceError("conversationNotFound");
  for (const [name, value] of [
    ["senderId", senderId ?? ""],
    ["type", type],
    ["content", content],
    ["clientId", clientId ?? ""],
  ] as const) {
    if (typeof value !== "string") {
      const refusal = new ParlanceError("internal");
      refusal.cause = new Error(`The ${name} of a message is no text.`);
      throw refusal;
    }
    checkText(value, name);
  }
  const { mentions, quote, toUserIds, keys } = message;
  if (mentions != null) checkValue(mentions.userIds, "mentions");
  if (quote != null) checkValue(quote, "quote");
  if (toUserIds != null) checkValue(toUserIds, "toUserIds");
  if (message.push != null) checkText(message.push.wish, "push");
  if (keys !== undefined) checkValue([...Object.keys(keys), ...Object.values(keys)], "keys");
};

/** Of a mark: its numbers go to the server as they are, and one that isn't whole would be cut to one that is. */
export const requireStorableMark = ([, conversationId, , upTo]: readonly unknown[]): void => {
  for (const [name, value] of Object.entries({ conversationId, upTo }))
    if (!Number.isSafeInteger(value))
      throw new ParlanceError("invalidInput", { [name]: "A whole number is needed." });
};
