/** What another app's handle reaches of groups by their ids, and of mutes: nothing. A part of `tenancy.ts`. */

import { expect } from "bun:test";
import type { AppStore } from "../store.ts";
import { type Check, returns } from "./tenancy-check.ts";

export const groupChecks = {
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
} satisfies Partial<Record<keyof AppStore, Check>>;
