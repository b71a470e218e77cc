/** A call of everything that the store does, and how many rows each may touch whatever else is stored. */

import type { ArgsOf, Reads, Writes } from "../operations/tables.ts";
import {
  app,
  BUSY_ROOMS,
  busy,
  direct,
  HUGE_LOG,
  hall,
  huge,
  hugeAt,
  lease,
  news,
  others,
  PER_ROOM,
  reader,
  room,
  sentAt,
  sleeper,
  user,
} from "./grown-tables.ts";
import { hostingChanges, hostingLookUps } from "./look-ups-hosting.ts";

type CallOf<Operations> = {
  [Name in keyof Operations]: [name: Name, ...args: ArgsOf<Operations[Name]>];
}[keyof Operations];

export interface Bounded<Call> {
  most: number;
  /** Without statistics PostgreSQL reads more: where an index of a whole app has the order that is asked for. */
  needsStatistics?: true;
  calls: Call[];
}

export type LookUp = CallOf<Reads>;
/** Those that PostgreSQL does not run in batches. */
export type Change = CallOf<Omit<Writes, "append" | "moveReadMark" | "openSession">>;

const ids = [room, ...others];
const withHuge = [...ids, huge];
const busyIds = Array.from({ length: 200 }, (_, index) => index + 1);
const people = Array.from({ length: 40 }, (_, index) => `user ${index + 1}`);
const late = hugeAt(HUGE_LOG - 100);
const early = hugeAt(101);
const all = { before: null, tagId: null, limit: 50, unreadCap: 1000 };
const place = { isPinned: false, sortAt: hugeAt(0), conversationId: 50 };
const page = { limit: 100, unreadCap: 1000 };

export const lookUps: Record<string, Bounded<LookUp>> = {
  ...hostingLookUps,
  "a page": {
    most: 1500,
    calls: [
      ["readRevision"],
      ["listApps"],
      ["listLiveLeases"],
      ["listUnsettled", 1],
      ["listDueErasures", 100],
      ["findUserProfile", app, user],
      ["findUserStates", app, people],
      ["findListing", app, [busy, ...people], "block", "user 9"],
      ["listContacts", app, user, "block", { before: null, limit: 100 }],
      ["findSession", app, "token 7"],
      ["findOpenSessions", app, ["token 7", "token 8"]],
      ["findUsers", app, [user, reader]],
      ["findConversation", app, `room ${room}`, ["direct", "group"]],
      ["findConversations", app, "group", [`room ${room}`, "huge"]],
      ["findConversations", app, "direct", [`room ${room}`, "huge"]],
      ["listMembers", app, room, null, 100],
      ["listMembers", app, huge, "user 1", 100],
      ["isMember", app, room, user],
      ["isMember", app, huge, busy],
      ["listMembershipsOf", app, [user, reader]],
      ["listLatestTalks", app, [user, reader], 200],
      ["listMessages", app, room, null, 20],
      ["listMessages", app, room, sentAt, 20],
      ["listMessages", app, huge, late, 100, { userId: sleeper, withRecalled: true }],
      ["listMessages", app, huge, early, 100, { userId: sleeper, after: hugeAt(0), isForward: true }],
      ["listLastMessages", app, withHuge],
      ["listLastMessages", app, withHuge, { userId: sleeper }],
      ["findMessages", app, sentAt],
      ["findMessages", app, late],
      ["findMessage", app, huge, late],
      ["findMessage", app, huge, late, sleeper],
      ["listVisibleMessages", app, room, user, null, 20],
      ["listVisibleMessages", app, huge, sleeper, null, 100],
      ["listReadMarks", app, huge, 100],
      ["findReadMarks", app, withHuge, reader],
      ["findHeads", app, withHuge],
      ["findHeads", app, busyIds],
      ["findLogStarts", app, withHuge],
      ["findLogStarts", app, busyIds],
      ["listEntriesAfter", app, room, sentAt, 20],
      ["listEntriesAfter", app, huge, early, 200],
      ["listEntriesAfter", app, huge, late, 200],
      ["listEntriesSince", app, room, PER_ROOM - 20, 20, user],
      ["listEntriesSince", app, huge, HUGE_LOG - 200, 100, sleeper],
      ["findTimeBehind", app, room, PER_ROOM - 20],
      ["findTimeBehind", app, huge, HUGE_LOG - 900],
      ["findStates", app, huge, [early, late]],
      ["findSent", app, room, user, "c"],
      ["findSent", app, huge, "user 77", "h77"],
      ["countUnread", app, ids, user, 1000],
      ["countUnread", app, withHuge, reader, 1000],
      ["countMentions", app, ids, user, 100],
      ["countMentions", app, withHuge, reader, 100],
      ["listMentions", app, room, user, null, 20],
      ["listMentions", app, huge, sleeper, null, 100],
      ["listMentions", app, huge, sleeper, early, 100],
      ["listTags", app, user],
      ["listGroupsOf", app, user, { offset: 0, limit: 1000 }],
      ["findGroupNames", app, ["room 7", "room 8", "huge"]],
      ["listGroupMutes", app, "room 7", 1000],
      ["listGroupMutes", app, null, 1000],
      ["findMutedGroups", app, ["room 7", "room 8", "huge"]],
      ["listExempt", app, "room 7"],
      ["readGroupRules", app, "room 7", 1000],
      ["listConversations", app, user, all],
      ["listConversationStates", app, user, ids, 1000],
      ["syncConversations", app, user, { since: 5, until: null, afterId: 0 }, page],
      ["findChatroom", app, hall],
      ["listChatroomMembers", app, hall, { after: null, isNewestFirst: false, limit: 100 }],
      ["listChatroomMembers", app, hall, { after: 7000, isNewestFirst: true, limit: 100 }],
      ["findChatroomMembers", app, hall, [user, reader]],
      ["listChatroomKeys", app, hall, 9],
      ["listChatroomKeys", app, hall, null],
      ["findOwnSettings", app, huge, user],
      ["hasPushDevices", app],
      ["findPushPreferences", app, user],
      ["findPushNames", app, user, `room ${room}`],
      ["findGroupRemark", app, `room ${room}`, "user 1"],
      ["listRemarks", app, user, { offset: 0, limit: 50 }],
      ["listBroadcasts", app],
      ["isMember", app, news, user],
      ["listMessages", app, news, null, 100, { userId: sleeper }],
      ["listConversationStates", app, sleeper, [news], 1000],
      ["listAppMessages", app, { from: sentAt, to: hugeAt(0) }, 200],
      ["listAppMessages", app, { from: early, to: Number.MAX_SAFE_INTEGER }, 200],
      ["isLogHourRemoved", app, 3_600_000],
    ],
  },
  "a page of what is in order": {
    most: 1500,
    needsStatistics: true,
    calls: [
      ["listVisibleMessages", app, huge, sleeper, early, 100],
      ["listReports", app, null, 20],
      ["listReports", app, 7000, 20],
      ["listContacts", app, busy, "block", { before: { userId: "user 9", addedAt: 2000 }, limit: 100 }],
      ["listWords", app, null, 1000],
      ["listWords", app, "word 5000", 1000],
      ["findPresence", app, people],
      ["listUserTags", app, people],
      ["pageTaggedUsers", app, "tag 1", "user 5", 100],
      ["pageUsers", app, "user 5", 100],
      ["pagePushUsers", app, "user 5", 100],
      ["findPushTargets", app, people, { conversationId: huge, senderId: reader, evenOnline: false }],
      ["listOnline", app, null, 100],
      ["listMutedGroups", app, { offset: 0, limit: 200 }],
      ["listMutedGroups", app, { offset: 400, limit: 200 }],
      ["listOnline", app, user, 100],
    ],
  },
  "the conversations of a tag": {
    most: 10 * BUSY_ROOMS,
    needsStatistics: true,
    calls: [
      ["listConversations", app, busy, { ...all, tagId: "tag 3" }],
      ["listTagged", app, busy, "tag 3", 1000],
    ],
  },
  "what is unread, up to a cap": {
    most: 8000,
    calls: [
      ["countUnread", app, withHuge, sleeper, 1000],
      ["countMentions", app, withHuge, sleeper, 1000],
      ["listConversationStates", app, reader, withHuge, 1000],
      ["listConversationStates", app, sleeper, withHuge, 1000],
      ["listConversations", app, sleeper, all],
      ["syncConversations", app, sleeper, { since: null, until: null, afterId: 0 }, page],
    ],
  },
  "the members of one conversation": {
    most: 20_000,
    calls: [
      ["findMembers", app, huge, [user, reader, "nobody"]],
      ["listReaders", app, huge, late, null, 100],
      ["listReaders", app, huge, early, "user 3", 100],
      ["countReaders", app, huge, late],
      ["countReaders", app, huge, early],
    ],
  },
  "the conversations of one user": {
    most: 10 * BUSY_ROOMS,
    calls: [
      ["listMembershipsOf", app, [busy]],
      ["listLatestTalks", app, [busy], 200],
      ["listConversations", app, busy, all],
      ["listConversations", app, busy, { ...all, before: place }],
      ["listConversationStates", app, busy, busyIds, 1000],
      ["listConversationStates", app, busy, [direct, direct + 1, huge], 1000],
      ["syncConversations", app, busy, { since: null, until: null, afterId: 0 }, page],
      ["syncConversations", app, busy, { since: 2900, until: 1e15, afterId: 1000 }, page],
      ["syncConversations", app, busy, { since: 100, until: null, afterId: direct - 1 }, page],
      ["listTags", app, busy],
      ["listGroupsOf", app, busy, { offset: 0, limit: 5000 }],
      ["listGroupsOf", app, busy, { offset: 1000, limit: 1000 }],
    ],
  },
  "everybody who is online, registered or under a rule": {
    most: 100_000,
    calls: [
      ["countOnline", app],
      ["listNodes"],
      ["listUsers", app, { offset: 200, limit: 100, isNewestFirst: true }],
      ["listRuledUsers", app, "blocked", 5000, { offset: 100, limit: 100 }],
      ["listRuledUsers", app, "deactivated", 0, { offset: 0, limit: 100 }],
      ["listRuledUsers", app, "directMuted", 0, { offset: 0, limit: 200 }],
    ],
  },
};

const outbox = [early, late].map((at) => ({ conversationId: huge, sentAt: at }));
const wordOf = (key: string) => ({ key, word: key, replaceWith: null });
const left = people.map((userId) => ({ conversationId: hall, userId }));
const device = (userId: string, connectionId: number) => ({
  userId,
  deviceId: "d",
  connectionId,
  platform: "web",
  openedAt: 0,
});
const returned = people.map((userId, index) => device(userId, index + 1));
const arrived = people.map((userId, index) => device(`${userId}0`, 30_000 + index));
const newcomers = { userIds: ["new", "newer"], most: 100_000, seesHistory: false };
const message = { senderId: null, type: "text", content: "{}", isCounted: true, marksRead: false };
const inHuge = { conversationId: huge, of: late + 1, by: reader };

export const changes: Record<string, Bounded<Change>> = {
  ...hostingChanges,
  "a piece": {
    most: 1500,
    calls: [
      ["touch"],
      ["createApp", { key: "new", secret: "new", name: "" }],
      ["updateApp", "k7", { secret: "other", retentionDays: 9 }],
      ["deleteApp", "k7"],
      ["takeLease", { nodeId: "n", address: "", version: "" }, 1000, true],
      ["renewLease", lease, 1000],
      ["endLease", lease],
      ["closeSession", app, "token 7"],
      ["createConversation", app, { kind: "group", key: "new", admission: "members", memberIds: people }],
      ["ensureConversation", app, { kind: "group", key: "huge", admission: "members", memberIds: people }],
      [
        "ensureConversations",
        app,
        [{ kind: "direct", key: "made", admission: "members", memberIds: people }],
      ],
      ["deleteConversation", app, huge],
      ["addMembers", app, huge, [...people, "new"]],
      ["change", app, { ...inHuge, kind: "recall" }],
      ["change", app, { ...inHuge, kind: "setKeys", keys: { a: "b" }, clientId: "new" }],
      ["change", app, { ...inHuge, of: hugeAt(9995), kind: "modify", content: "1", clientId: "other" }],
      [
        "createReport",
        app,
        { conversationId: huge, sentAt: late + 1, reporterId: reader, reportType: 1, comment: "" },
      ],
      [
        "changeChatroomKeys",
        app,
        hall,
        {
          userId: "user 1",
          set: [{ key: "new", value: "" }],
          remove: ["k7"],
          isAutoDelete: true,
          isForced: true,
          mustBePresent: true,
        },
      ],
      ["updateSettings", app, huge, busy, { isPinned: true, addTags: ["tag 3"], removeTags: ["tag 4"] }],
      ["clearHistory", app, huge, reader, late],
      ["clearHistory", app, huge, sleeper, early],
      ["removeFromList", app, huge, reader],
      ["removeLogHour", app, 3_600_000, 0],
      ["clearLog", app, hall, hugeAt(0), 500],
      ["changeGroup", app, { groupId: "huge", name: "n", join: newcomers, message }],
      ["changeGroup", app, { groupId: "room 7", isDismissed: true, message }],
      ["changeGroup", app, { groupId: "new", name: "n", join: newcomers }],
      ["muteInGroup", app, "room 7", people, { mutedAt: 1000, until: 2000, most: 10_000 }],
      ["muteInGroup", app, null, people, { mutedAt: 1000, until: null, most: 10_000 }],
      ["unmuteInGroup", app, "room 7", people],
      ["muteGroups", app, ["room 7", "room 8", "new"], 1000],
      ["unmuteGroups", app, ["room 7", "room 8", "new"]],
      ["exemptFromMute", app, "room 7", people, { at: 1000, most: 10_000 }],
      ["endExemption", app, "room 7", people],
      ["deleteOwn", app, huge, sleeper, [early, late], 1000],
      ["presetSettings", app, huge, busy, { isPinned: true, muteLevel: 5 }],
      ["untagConversations", app, busy, "tag 3", ids],
      [
        "savePushDevice",
        app,
        { userId: user, deviceId: "new", provider: "fcm", token: "t9", platform: "", packageName: null },
      ],
      ["removePushDevice", app, user, "d"],
      ["forgetPushTokens", app, [{ userId: user, deviceId: "d", token: "t7" }]],
      ["savePushPreferences", app, user, { hidesDetails: true }],
      ["saveRemarks", app, user, [{ targetId: "new", remark: "" }], 3000],
      ["removeRemark", app, user, "user 8"],
      ["saveGroupRemark", app, `room ${room}`, user, "new"],
      ["setUserTags", app, people, ["tag 1", "tag 9"]],
      ["finishPushes", app, outbox],
      ["postponePushes", app, outbox, 1000],
      ["addPushJob", app, { id: "new", body: "{}" }, 1000],
      ["advancePushJob", app, "j7", user, 1000],
      ["finishPushJob", app, "j7"],
      ["registerUser", app, { id: user, name: "new", at: 1 }],
      ["updateUser", app, user, { name: "new" }],
      ["changeUserRules", app, people, { tokensFrom: 1, blockedUntil: 9, isDirectMuted: true }],
      ["deactivateUsers", app, people, 1, 1],
      ["reactivateUsers", app, people, 9],
      ["eraseUser", app, "user 100", 20],
      ["deleteUser", app, "no session"],
      ["addContacts", app, user, "block", people, 3000],
      ["saveWords", app, [wordOf("new"), wordOf("word 77")], 100_000],
      ["removeWords", app, ["word 77", "word 78", "nothing"]],
      [
        "takeRates",
        app,
        [
          { name: "limit 7", seconds: 60, window: 9, count: 3, most: 9 },
          { name: "new", seconds: 60, window: 9, count: 30, most: 9 },
        ],
        false,
      ],
    ],
  },
  "who comes and goes": {
    most: 1500,
    needsStatistics: true,
    calls: [
      ["updatePresence", app, lease, { left: [1, 2, 3], returned, arrived, claimed: [] }, null],
      ["updateChatrooms", app, { left, joined: [{ conversationId: hall, userId: "new" }] }, 20],
      ["settleChatrooms", app, 0, 500],
      ["claimPushes", 100, 1000],
      ["claimPushJobs", 10, 1000],
    ],
  },
  "who is online, up to a limit, and who was": {
    most: 15_000,
    needsStatistics: true,
    calls: [
      ["purgePresence", 1000],
      ["updatePresence", app, lease, { left: [], returned, arrived, claimed: [] }, 1000],
    ],
  },
  "the conversations of one user": {
    most: 2 * BUSY_ROOMS,
    calls: [
      ["saveTag", app, busy, { id: "new", name: "new" }, 100],
      ["renameTag", app, busy, { id: "tag 3", name: "new" }],
      ["removeTag", app, busy, "tag 3"],
      ["tagConversations", app, busy, "tag 3", ids, 1000],
    ],
  },
  "the list of one user": {
    most: 8000,
    calls: [["removeContacts", app, busy, "block", people]],
  },
  "a thousand rows, and the members of a conversation": {
    most: 15_000,
    calls: [
      ["removeMembers", app, huge, people],
      ["changeGroup", app, { groupId: "huge", name: "n", join: newcomers, leave: people, message }],
      ["changeGroup", app, { groupId: "huge", isDismissed: true, message }],
      ["purge", 1000],
      ["expire", 1000],
    ],
  },
};
