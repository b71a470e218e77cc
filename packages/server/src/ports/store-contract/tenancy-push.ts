/** What another app's handle reaches of notifications and of what users set: nothing. A part of `tenancy.ts`. */

import { expect } from "bun:test";
import type { AppStore } from "../store.ts";
import { expectRefusal } from "./fixture.ts";
import { type Check, isRefused, passesBy, returns } from "./tenancy-check.ts";

export const pushChecks = {
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
} satisfies Partial<Record<keyof AppStore, Check>>;

/** Resolves to a look at what is there. */
export const preparePush = async (own: AppStore, conversationId: number, key: string) => {
  await own.presetSettings(conversationId, "ann", { muteLevel: 1 });
  const tablet = {
    ...{ userId: "ann", deviceId: "tablet", provider: "fcm", platform: "" },
    packageName: null,
  };
  await own.savePushDevice({ ...tablet, token: "token" });
  await own.savePushPreferences("ann", { hidesDetails: true });
  await own.saveRemarks("ann", [{ targetId: "ben", remark: "Ours" }], 10);
  await own.saveGroupRemark(key, "ann", "Ours");
  await own.setUserTags(["ann"], ["bj"]);
  await own.addPushJob({ id: "job", body: "{}" }, 1e9);
  const about = { conversationId: conversationId, senderId: "ben", evenOnline: true };
  return async () => ({
    own: await own.findOwnSettings(conversationId, "ann"),
    tagged: await own.listTagged("ann", "t", 10),
    targets: await own.findPushTargets(["ann"], about),
    remarks: await own.listRemarks("ann", { offset: 0, limit: 10 }),
    groupRemark: await own.findGroupRemark(key, "ann"),
    userTags: await own.listUserTags(["ann"]),
  });
};
