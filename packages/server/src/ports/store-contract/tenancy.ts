import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import { type Fixture, newConversation, readLog, send } from "./fixture.ts";
import { type Check, isRefused, returns } from "./tenancy-check.ts";
import { groupChecks } from "./tenancy-groups.ts";
import { hostingChecks, prepareHosting } from "./tenancy-hosting.ts";
import { preparePush, pushChecks } from "./tenancy-push.ts";
import { userChecks } from "./tenancy-users.ts";

/** A row for every method: the type refuses a table that forgets one. */
const table: Record<keyof AppStore, Check> = {
  // The same token hash, user and key may live in two apps without meeting.
  openSession: async (intruder, { tokenHash }) => {
    await intruder.openSession({ tokenHash, userId: "eve", deviceId: "phone", fcmToken: null }, 1);
    expect((await intruder.findSession(tokenHash))?.userId).toBe("eve");
    await intruder.closeSession(tokenHash);
  },
  createConversation: async (intruder, { key, conversationId }) => {
    const own = await intruder.createConversation({
      kind: "group",
      key,
      admission: "members",
      memberIds: ["eve"],
    });
    expect(own.id).not.toBe(conversationId);
    await intruder.deleteConversation(own.id);
  },
  listBroadcasts: returns((intruder) => intruder.listBroadcasts(), []),
  listAppMessages: returns(
    (intruder) => intruder.listAppMessages({ from: 0, to: Number.MAX_SAFE_INTEGER }, 10),
    { messages: [], next: null },
  ),
  clearLog: isRefused((intruder, { hallId }) => intruder.clearLog(hallId, Number.MAX_SAFE_INTEGER, 10)),
  // The same hour may be removed in one app and there in another.
  removeLogHour: async (intruder) => {
    await intruder.removeLogHour(3_600_000, 0);
  },
  isLogHourRemoved: returns((intruder) => intruder.isLogHourRemoved(7_200_000), false),
  closeSession: returns((intruder, { tokenHash }) => intruder.closeSession(tokenHash), null),
  findSession: returns((intruder, { tokenHash }) => intruder.findSession(tokenHash), null),
  findUsers: returns((intruder) => intruder.findUsers(["ann", "ben"]), []),
  findConversation: returns((intruder, { key }) => intruder.findConversation(key, ["group"]), null),
  addMembers: isRefused((intruder, { conversationId }) => intruder.addMembers(conversationId, ["eve"])),
  removeMembers: isRefused((intruder, { conversationId }) => intruder.removeMembers(conversationId, ["ann"])),
  listMembers: returns((intruder, { conversationId }) => intruder.listMembers(conversationId, null, 10), []),
  listLatestTalks: returns((intruder) => intruder.listLatestTalks(["ann"], 10), []),
  isMember: returns((intruder, { conversationId }) => intruder.isMember(conversationId, "ann"), false),
  findMembers: returns((intruder, { conversationId }) => intruder.findMembers(conversationId, ["ann"]), []),
  deleteConversation: returns(
    (intruder, { conversationId }) => intruder.deleteConversation(conversationId),
    false,
  ),
  append: isRefused((intruder, { conversationId }) => send(intruder, conversationId, { clientId: "c" })),
  findHeads: returns((intruder, { conversationId }) => intruder.findHeads([conversationId]), []),
  findLogStarts: returns((intruder, { conversationId }) => intruder.findLogStarts([conversationId]), []),
  listEntriesAfter: returns(
    (intruder, { conversationId }) => intruder.listEntriesAfter(conversationId, 0, 10),
    [],
  ),
  listEntriesSince: returns(
    (intruder, { conversationId }) => intruder.listEntriesSince(conversationId, 0, 10, "ann"),
    { entries: [], lastSeq: 0, hasMore: false },
  ),
  findTimeBehind: returns((intruder, { conversationId }) => intruder.findTimeBehind(conversationId, 0), 0),
  findStates: returns(
    (intruder, { conversationId, sentAt }) => intruder.findStates(conversationId, [sentAt]),
    // As of a message that never was.
    expect.arrayContaining([expect.objectContaining({ state: "deleted" })]),
  ),
  findSent: returns((intruder, { conversationId }) => intruder.findSent(conversationId, "ann", "c"), null),
  findOpenSessions: returns((intruder, { tokenHash }) => intruder.findOpenSessions([tokenHash]), []),
  listMembershipsOf: returns((intruder) => intruder.listMembershipsOf(["ann", "ben"]), []),
  listMessages: returns(
    (intruder, { conversationId }) => intruder.listMessages(conversationId, null, 10),
    [],
  ),
  listLastMessages: returns(
    (intruder, { conversationId }) => intruder.listLastMessages([conversationId]),
    [],
  ),
  findMessages: returns((intruder, { sentAt }) => intruder.findMessages(sentAt), []),
  findMessage: returns(
    (intruder, { conversationId, sentAt }) => intruder.findMessage(conversationId, sentAt),
    null,
  ),
  change: isRefused((intruder, { conversationId, sentAt }) =>
    intruder.change({ conversationId, of: sentAt, kind: "hide", by: null }),
  ),
  moveReadMark: returns(
    (intruder, { conversationId, sentAt }) => intruder.moveReadMark(conversationId, "ann", sentAt),
    null,
  ),
  listReadMarks: returns((intruder, { conversationId }) => intruder.listReadMarks(conversationId, 10), []),
  findReadMarks: returns(
    (intruder, { conversationId }) => intruder.findReadMarks([conversationId], "ben"),
    [],
  ),
  countUnread: returns(
    (intruder, { conversationId }) => intruder.countUnread([conversationId], "ann", 10),
    [0],
  ),
  countMentions: returns(
    (intruder, { conversationId }) => intruder.countMentions([conversationId], "ben", 10),
    [0],
  ),
  listMentions: returns(
    (intruder, { conversationId }) => intruder.listMentions(conversationId, "ben", null, 10),
    [],
  ),
  createReport: isRefused((intruder, { conversationId, sentAt }) =>
    intruder.createReport({ conversationId, sentAt, reporterId: "eve", reportType: null, comment: null }),
  ),
  listReports: returns((intruder) => intruder.listReports(null, 10), []),
  updateChatrooms: async (intruder, { hallId: conversationId }) => {
    const place = { conversationId, userId: "ann" };
    const update = { left: [place], joined: [{ ...place, userId: "eve" }] };
    expect(await intruder.updateChatrooms(update, 10)).toEqual({
      changes: [],
      missing: [conversationId],
      refused: [],
    });
  },
  settleChatrooms: returns((intruder) => intruder.settleChatrooms(-60_000, 10), { settled: 0, changes: [] }),
  findChatroom: returns((intruder, { hallId }) => intruder.findChatroom(hallId), null),
  listChatroomMembers: returns(
    (intruder, { hallId }) =>
      intruder.listChatroomMembers(hallId, { after: null, isNewestFirst: false, limit: 10 }),
    [],
  ),
  findChatroomMembers: returns((intruder, { hallId }) => intruder.findChatroomMembers(hallId, ["ann"]), []),
  changeChatroomKeys: isRefused((intruder, { hallId }) =>
    intruder.changeChatroomKeys(hallId, {
      userId: "ann",
      set: [],
      remove: ["topic"],
      isAutoDelete: false,
      isForced: true,
      mustBePresent: false,
    }),
  ),
  listChatroomKeys: returns((intruder, { hallId }) => intruder.listChatroomKeys(hallId, null), {
    keys: [],
    isWhole: true,
  }),
  // A lease is the node's, for all apps; what an app leaves under it is its own.
  updatePresence: async (intruder, { leaseId }) => {
    const update = { left: [1], returned: [], claimed: [], arrived: [] };
    expect(await intruder.updatePresence(leaseId, update, null)).toEqual(nothingWritten);
  },
  findPresence: returns((intruder) => intruder.findPresence(["ann", "ben"]), []),
  countOnline: returns((intruder) => intruder.countOnline(), 0),
  listOnline: returns((intruder) => intruder.listOnline(null, 10), []),
  findConversations: returns((intruder, { key }) => intruder.findConversations("group", [key]), []),
  ensureConversation: async (intruder, { key, conversationId }) => {
    const wanted = { kind: "group", key, admission: "members", memberIds: ["eve"] } as const;
    const { conversation, isNew } = await intruder.ensureConversation({ ...wanted, memberIds: ["eve"] });
    expect([isNew, conversation.id === conversationId]).toEqual([true, false]);
    await intruder.deleteConversation(conversation.id);
  },
  ensureConversations: async (intruder, { key, conversationId }) => {
    const wanted = { kind: "group", key, admission: "members", memberIds: ["eve"] } as const;
    const [made] = await intruder.ensureConversations([{ ...wanted, memberIds: ["eve"] }]);
    expect([made?.isNew, made?.conversation.id === conversationId]).toEqual([true, false]);
    await intruder.deleteConversation(made?.conversation.id as number);
  },
  listConversationStates: returns(
    (intruder, { conversationId }) => intruder.listConversationStates("ann", [conversationId], 10),
    [],
  ),
  listConversations: returns(
    (intruder) => intruder.listConversations("ann", { before: null, tagId: null, limit: 10, unreadCap: 10 }),
    [],
  ),
  syncConversations: async (intruder) => {
    for (const since of [null, 0]) {
      const position = { since, until: null, afterId: 0 };
      const page = await intruder.syncConversations("ann", position, { limit: 10, unreadCap: 10 });
      expect(page).toMatchObject({ states: [], lost: [], nextAfterId: null });
    }
  },
  listVisibleMessages: returns(
    (intruder, { conversationId }) => intruder.listVisibleMessages(conversationId, "ann", null, 10),
    [],
  ),
  updateSettings: isRefused((intruder, { conversationId }) =>
    intruder.updateSettings(conversationId, "ann", { isPinned: true }),
  ),
  clearHistory: isRefused((intruder, { conversationId, sentAt }) =>
    intruder.clearHistory(conversationId, "ann", sentAt),
  ),
  removeFromList: isRefused((intruder, { conversationId }) => intruder.removeFromList(conversationId, "ann")),
  deleteOwn: isRefused((intruder, { conversationId, sentAt }) =>
    intruder.deleteOwn(conversationId, "ann", [sentAt], 10),
  ),
  listTags: returns((intruder) => intruder.listTags("ann"), []),
  // The same user and tag may live in two apps without meeting.
  saveTag: async (intruder) => {
    await intruder.saveTag("ann", { id: "t", name: "Theirs" }, 1);
    expect(await intruder.listTags("ann")).toMatchObject([{ id: "t", name: "Theirs", conversationCount: 0 }]);
  },
  renameTag: returns((intruder) => intruder.renameTag("ann", { id: "t", name: "Theirs" }), false),
  removeTag: returns((intruder) => intruder.removeTag("ann", "t"), false),
  listReaders: returns(
    (intruder, { conversationId, sentAt }) => intruder.listReaders(conversationId, sentAt, null, 10),
    [],
  ),
  countReaders: returns(
    (intruder, { conversationId, sentAt }) => intruder.countReaders(conversationId, sentAt),
    {
      read: 0,
      members: 0,
    },
  ),
  ...pushChecks,
  ...groupChecks,
  ...userChecks,
  ...hostingChecks,
  // The same word and the same limit may live in two apps without meeting.
  saveWords: async (intruder) => {
    const theirs = { key: "bad", word: "bad", replaceWith: "theirs" };
    expect(await intruder.saveWords([theirs], 1)).toEqual({ isSaved: true, left: 0 });
    expect(await intruder.listWords(null, 10)).toEqual([theirs]);
  },
  removeWords: returns((intruder) => intruder.removeWords(["bad"]), 0),
  listWords: returns((intruder) => intruder.listWords(null, 10), []),
  takeRates: returns(
    (intruder) => intruder.takeRates([{ name: "r", seconds: 1, window: 1, count: 2, most: 2 }], true),
    [2],
  ),
};

const nothingWritten = { refused: [], held: [], replaced: [] };

export const tenancyContract = (fixture: Fixture): void => {
  describe("another app's handle with real ids", () => {
    const prepare = async () => {
      const { app, own, group } = await fixture.newGroup();
      const tokenHash = `token of ${group.key}`;
      for (const userId of ["ann", "ben"]) {
        const session = { tokenHash: tokenHash + userId, userId, deviceId: "phone", fcmToken: null };
        await own.openSession(session, 1);
      }
      const { sentAt } = await send(own, group.id, {
        clientId: "c",
        mentions: { userIds: [], isAll: true },
      });
      await own.moveReadMark(group.id, "ben", sentAt);
      const report = { conversationId: group.id, sentAt, reporterId: "ben", reportType: null, comment: null };
      await own.createReport(report);
      const leaseId = await fixture.newLease();
      const phone = { userId: "ann", deviceId: "phone", connectionId: 1, platform: "", openedAt: 0 };
      await own.updatePresence(leaseId, { left: [], returned: [], claimed: [], arrived: [phone] }, null);
      const hall = await newConversation(own, { kind: "chatroom", admission: "open", memberIds: [] });
      await own.updateChatrooms({ left: [], joined: [{ conversationId: hall.id, userId: "ann" }] }, 10);
      const target = {
        hallId: hall.id,
        tokenHash: `${tokenHash}ann`,
        conversationId: group.id,
        key: group.key,
        sentAt,
        leaseId,
      };
      await own.saveTag("ann", { id: "t", name: "Ours" }, 20);
      await own.updateSettings(group.id, "ann", { draft: "x", addTags: ["t"] });
      const lookAtPush = await preparePush(own, group.id, group.key);
      await own.registerUser({ id: "ann", name: "Ann", portraitUrl: "portrait", at: 5 });
      await own.changeUserRules(["ann"], { blockedUntil: 8e15 });
      await own.deactivateUsers(["ben"], 6, 9e15);
      await own.addContacts("ann", "block", ["ben"], 1);
      await own.changeGroup({ groupId: group.key, name: "Ours" });
      await own.muteGroups([group.key], 1);
      await own.muteInGroup(group.key, ["ann"], { mutedAt: 1, until: null, most: 10 });
      await own.exemptFromMute(group.key, ["ben"], { at: 1, most: 10 });
      const lookAtHosting = await prepareHosting(own, group.id, group.key);
      await own.saveWords([{ key: "bad", word: "Bad", replaceWith: null }], 10);
      const look = async () => ({
        push: await lookAtPush(),
        states: await own.findUserStates(["ann", "ben"]),
        profiles: await own.listUsers({ offset: 0, limit: 10, isNewestFirst: true }),
        contacts: await own.listContacts("ann", "block", { before: null, limit: 10 }),
        hosting: await lookAtHosting(),
        groups: await own.listGroupsOf("ann", { offset: 0, limit: 10 }),
        rules: await own.readGroupRules(group.key, 2),
        muted: await own.listMutedGroups({ offset: 0, limit: 10 }),
        words: await own.listWords(null, 10),
        app: (await fixture.store.apps.list()).find(({ id }) => id === app.id),
        session: await own.findSession(target.tokenHash),
        users: await own.findUsers(["ann", "ben", "eve"]),
        conversation: await own.findConversation(group.key, ["group"]),
        members: await own.listMembers(group.id, null, 10),
        log: await readLog(own, group.id),
        marks: await own.listReadMarks(group.id, 10),
        unread: await own.countUnread([group.id], "ann", 10),
        reports: await own.listReports(null, 10),
        online: await own.listOnline(null, 10),
        inHall: await own.listChatroomMembers(hall.id, { after: null, isNewestFirst: false, limit: 10 }),
        hall: await own.findChatroom(hall.id),
        tags: await own.listTags("ann"),
        list: await own.listConversationStates("ann", [group.id], 10),
        readers: await own.listReaders(group.id, sentAt, null, 10),
      });
      return { target, look };
    };

    test.each(Object.keys(table) as (keyof AppStore)[])("%s reaches nothing", async (name) => {
      const { target, look } = await prepare();
      const { own: intruder } = await fixture.newApp();
      const before = await look();
      expect([before.log.length, before.marks.length, before.reports.length, before.unread[0]]).toEqual([
        1, 1, 1, 1,
      ]);
      expect(before.online).toEqual(["ann"]);
      await table[name](intruder, target);
      expect(await look()).toEqual(before);
    });

    test("a batch of two apps keeps them apart", async () => {
      const { own, group } = await fixture.newGroup();
      const { own: intruder } = await fixture.newApp();
      const sends = await Promise.allSettled([
        send(own, group.id),
        send(intruder, group.id),
        send(own, group.id),
        send(intruder, group.id),
      ]);
      expect(sends.map((sent) => sent.status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected"]);
      expect((await readLog(own, group.id)).map((message) => message.seq)).toEqual([1, 2]);
    });
  });
};
