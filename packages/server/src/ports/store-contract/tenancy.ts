import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import { expectRefusal, type Fixture, newConversation, readLog, send } from "./fixture.ts";

/** Real ids of one app's things. */
interface Target {
  tokenHash: string;
  conversationId: number;
  key: string;
  sentAt: number;
  leaseId: number;
  /** A chatroom that Ann joined. */
  hallId: number;
}

type Check = (intruder: AppStore, target: Target) => Promise<void>;

const returns =
  (call: (intruder: AppStore, target: Target) => Promise<unknown>, expected: unknown): Check =>
  async (intruder, target) =>
    expect(await call(intruder, target)).toEqual(expected);

/** What it would change is not there. */
const passesBy =
  (call: (intruder: AppStore, target: Target) => Promise<unknown>): Check =>
  async (intruder, target) => {
    await call(intruder, target);
  };

const isRefused =
  (call: (intruder: AppStore, target: Target) => Promise<unknown>): Check =>
  async (intruder, target) => {
    await expectRefusal(call(intruder, target), "conversationNotFound");
  };

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
  ensureConversation: async (intruder, { key, conversationId }) => {
    const wanted = { kind: "group", key, admission: "members", memberIds: ["eve"] } as const;
    const { conversation, isNew } = await intruder.ensureConversation({ ...wanted, memberIds: ["eve"] });
    expect([isNew, conversation.id === conversationId]).toEqual([true, false]);
    await intruder.deleteConversation(conversation.id);
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
  presetSettings: isRefused((intruder, { conversationId }) =>
    intruder.presetSettings(conversationId, "ann", { isPinned: true }),
  ),
  findOwnSettings: returns(
    (intruder, { conversationId }) => intruder.findOwnSettings(conversationId, "ann"),
    null,
  ),
  tagConversations: async (intruder, { conversationId }) => {
    await intruder.saveTag("ann", { id: "t", name: "Theirs" }, 1);
    await expectRefusal(intruder.tagConversations("ann", "t", [conversationId], 10), "conversationNotFound");
  },
  untagConversations: returns(
    (intruder, { conversationId }) => intruder.untagConversations("ann", "t", [conversationId]),
    [],
  ),
  listTagged: returns((intruder) => intruder.listTagged("ann", "t", 10), []),
  // The same user, device and token may live in two apps without meeting.
  savePushDevice: async (intruder) => {
    const device = {
      ...{ userId: "eve", deviceId: "phone", provider: "fcm", platform: "" },
      packageName: null,
    };
    await intruder.savePushDevice({ ...device, token: "token" });
    expect(await intruder.pagePushUsers(null, 10)).toEqual(["eve"]);
  },
  removePushDevice: returns((intruder) => intruder.removePushDevice("ann", "tablet"), false),
  forgetPushTokens: passesBy((intruder) =>
    intruder.forgetPushTokens([{ userId: "ann", deviceId: "tablet", token: "token" }]),
  ),
  hasPushDevices: returns((intruder) => intruder.hasPushDevices(), false),
  pagePushUsers: returns((intruder) => intruder.pagePushUsers(null, 10), []),
  pageUsers: returns((intruder) => intruder.pageUsers(null, 10), []),
  findPushTargets: returns(
    (intruder, { conversationId }) =>
      intruder.findPushTargets(["ann"], { conversationId, senderId: "ben", evenOnline: true }),
    [],
  ),
  findPushPreferences: returns((intruder) => intruder.findPushPreferences("ann"), {
    muteLevels: {},
    quiet: null,
    hidesDetails: false,
  }),
  savePushPreferences: async (intruder) => {
    expect(await intruder.savePushPreferences("ann", { muteLevels: { direct: 5 } })).toEqual({
      muteLevels: { direct: 5 },
      quiet: null,
      hidesDetails: false,
    });
  },
  findPushNames: returns((intruder, { key }) => intruder.findPushNames("ann", key), {
    name: null,
    groupRemark: null,
  }),
  saveRemarks: async (intruder) => {
    await intruder.saveRemarks("ann", [{ targetId: "ben", remark: "Theirs" }], 10);
    expect((await intruder.listRemarks("ann", { offset: 0, limit: 10 })).total).toBe(1);
  },
  removeRemark: returns((intruder) => intruder.removeRemark("ann", "ben"), false),
  listRemarks: returns((intruder) => intruder.listRemarks("ann", { offset: 0, limit: 10 }), {
    total: 0,
    remarks: [],
  }),
  saveGroupRemark: passesBy((intruder, { key }) => intruder.saveGroupRemark(key, "ann", null)),
  findGroupRemark: returns((intruder, { key }) => intruder.findGroupRemark(key, "ann"), null),
  setUserTags: passesBy((intruder) => intruder.setUserTags(["ann"], ["other"])),
  listUserTags: returns((intruder) => intruder.listUserTags(["ann"]), []),
  pageTaggedUsers: returns((intruder) => intruder.pageTaggedUsers("bj", null, 10), []),
  finishPushes: passesBy((intruder, { conversationId, sentAt }) =>
    intruder.finishPushes([{ conversationId, sentAt }]),
  ),
  postponePushes: passesBy((intruder, { conversationId, sentAt }) =>
    intruder.postponePushes([{ conversationId, sentAt }], -1e9),
  ),
  addPushJob: passesBy((intruder) => intruder.addPushJob({ id: "job", body: "{}" }, 1e9)),
  advancePushJob: passesBy((intruder) => intruder.advancePushJob("job", "zoe", 0)),
  finishPushJob: passesBy((intruder) => intruder.finishPushJob("job")),
  listReaders: returns(
    (intruder, { conversationId, sentAt }) => intruder.listReaders(conversationId, sentAt, null, 10),
    [],
  ),
  // The same id may be a group of two apps, and each knows its own name, members and mutes of it.
  changeGroup: async (intruder, { key, conversationId }) => {
    const theirs = { userIds: ["ann"], most: 1, seesHistory: true };
    const made = await intruder.changeGroup({ groupId: key, name: "Theirs", join: theirs });
    expect([made.conversation?.id === conversationId, made.joined]).toEqual([false, ["ann"]]);
    const gone = await intruder.changeGroup({ groupId: key, isDismissed: true, leave: ["ben"] });
    expect(gone.left).toEqual(["ann"]);
  },
  listGroupsOf: returns((intruder) => intruder.listGroupsOf("ann", { offset: 0, limit: 10 }), []),
  findGroupNames: returns((intruder, { key }) => intruder.findGroupNames([key]), []),
  muteInGroup: async (intruder, { key }) => {
    await intruder.muteInGroup(key, ["eve"], { mutedAt: 1, until: null, most: 1 });
    expect(await intruder.listGroupMutes(key, 2)).toEqual([{ userId: "eve", mutedAt: 1, until: null }]);
  },
  unmuteInGroup: async (intruder, { key }) => intruder.unmuteInGroup(key, ["ann"]),
  listGroupMutes: returns((intruder, { key }) => intruder.listGroupMutes(key, 2), []),
  muteGroups: async (intruder, { key }) => {
    await intruder.muteGroups([key, "another"], 1);
    expect(await intruder.listMutedGroups({ offset: 0, limit: 10 })).toHaveLength(2);
  },
  unmuteGroups: async (intruder, { key }) => intruder.unmuteGroups([key]),
  findMutedGroups: returns((intruder, { key }) => intruder.findMutedGroups([key]), []),
  listMutedGroups: returns((intruder) => intruder.listMutedGroups({ offset: 0, limit: 10 }), []),
  exemptFromMute: async (intruder, { key }) => {
    await intruder.exemptFromMute(key, ["eve"], { at: 1, most: 1 });
    expect(await intruder.listExempt(key)).toEqual(["eve"]);
  },
  endExemption: async (intruder, { key }) => intruder.endExemption(key, ["ben"]),
  listExempt: returns((intruder, { key }) => intruder.listExempt(key), []),
  readGroupRules: returns((intruder, { key }) => intruder.readGroupRules(key, 2), {
    isMuted: false,
    mutes: [],
    exempt: [],
  }),
  countReaders: returns(
    (intruder, { conversationId, sentAt }) => intruder.countReaders(conversationId, sentAt),
    {
      read: 0,
      members: 0,
    },
  ),
};

const nothingWritten = { refused: [], held: [], replaced: [] };

export const tenancyContract = (fixture: Fixture): void => {
  describe("another app's handle with real ids", () => {
    const prepare = async () => {
      const { own, group } = await fixture.newGroup();
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
      await own.changeGroup({ groupId: group.key, name: "Ours" });
      await own.muteGroups([group.key], 1);
      await own.muteInGroup(group.key, ["ann"], { mutedAt: 1, until: null, most: 10 });
      await own.exemptFromMute(group.key, ["ben"], { at: 1, most: 10 });
      await own.presetSettings(group.id, "ann", { muteLevel: 1 });
      const tablet = {
        ...{ userId: "ann", deviceId: "tablet", provider: "fcm", platform: "" },
        packageName: null,
      };
      await own.savePushDevice({ ...tablet, token: "token" });
      await own.savePushPreferences("ann", { hidesDetails: true });
      await own.saveRemarks("ann", [{ targetId: "ben", remark: "Ours" }], 10);
      await own.saveGroupRemark(group.key, "ann", "Ours");
      await own.setUserTags(["ann"], ["bj"]);
      await own.addPushJob({ id: "job", body: "{}" }, 1e9);
      const about = { conversationId: group.id, senderId: "ben", evenOnline: true };
      const look = async () => ({
        groups: await own.listGroupsOf("ann", { offset: 0, limit: 10 }),
        rules: await own.readGroupRules(group.key, 2),
        muted: await own.listMutedGroups({ offset: 0, limit: 10 }),
        own: await own.findOwnSettings(group.id, "ann"),
        tagged: await own.listTagged("ann", "t", 10),
        targets: await own.findPushTargets(["ann"], about),
        remarks: await own.listRemarks("ann", { offset: 0, limit: 10 }),
        groupRemark: await own.findGroupRemark(group.key, "ann"),
        userTags: await own.listUserTags(["ann"]),
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
        states: await own.listConversationStates("ann", [group.id], 10),
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
