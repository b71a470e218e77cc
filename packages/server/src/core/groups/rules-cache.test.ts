import { afterEach, describe, expect, setSystemTime, test } from "bun:test";
import { refusalOf, useCore } from "../../testing/core-world.ts";
import { muteGroups, muteInGroup, unmuteGroups } from "./mutes.ts";
import { permitWriting } from "./permit-writing.ts";
import { GroupRulesCache } from "./rules-cache.ts";

const world = useCore();

afterEach(() => {
  setSystemTime();
});

/** A store that counts what it is asked, and answers when it is told. */
const slowStore = () => {
  const asked: (string | null)[] = [];
  const answers: (() => void)[] = [];
  let isMuted = false;
  const answer = async (groupId: string | null) => {
    asked.push(groupId);
    const rules = { isMuted, mutes: [], exempt: [] };
    await new Promise<void>((go) => answers.push(go));
    return rules;
  };
  return {
    asked,
    mute: () => {
      isMuted = true;
    },
    answerAll: () => {
      for (const go of answers.splice(0)) go();
    },
    readGroupRules: answer,
    listGroupMutes: async (groupId: string | null) => (await answer(groupId)).mutes,
  };
};

describe("what is remembered of groups' rules", () => {
  test("is asked for once, however many wait for it", async () => {
    const store = slowStore();
    const cache = new GroupRulesCache(store);
    const loads = [cache.load("g"), cache.load("g"), cache.load(null)];
    expect(cache.peek("g")).toBeUndefined();
    store.answerAll();
    await Promise.all(loads);
    expect(store.asked).toEqual(["g", null]);
    expect(cache.peek("g")).toMatchObject({ isMuted: false });
    await cache.load("g");
    expect(store.asked).toHaveLength(2);
  });

  for (const way of ["forgotten", "cleared"] as const)
    test(`is not kept when it is ${way} while it is being read`, async () => {
      const store = slowStore();
      const cache = new GroupRulesCache(store);
      const early = cache.load("g");
      store.mute();
      if (way === "forgotten") cache.forget(["g"]);
      else cache.clear();
      const late = cache.load("g");
      store.answerAll();
      expect([(await early).isMuted, (await late).isMuted]).toEqual([false, true]);
      expect(cache.peek("g")?.isMuted).toBe(true);
    });

  test("has a bound, by the users that are named", async () => {
    const mutes = Array.from({ length: 10 }, (_, index) => ({
      userId: `u${index}`,
      mutedAt: 0,
      until: null,
    }));
    const cache = new GroupRulesCache(
      {
        readGroupRules: async (groupId) => ({
          isMuted: false,
          mutes: groupId === "big" ? mutes : [],
          exempt: [],
        }),
        listGroupMutes: async () => [],
      },
      12,
    );
    for (const groupId of ["a", "b", "c"]) await cache.load(groupId);
    await cache.load("big");
    expect(["a", "b", "c", "big"].map((id) => cache.peek(id) !== undefined)).toEqual([
      false,
      false,
      true,
      true,
    ]);
    cache.forget(["big"]);
    for (let index = 0; index < 30; index++) await cache.load(`g${index}`);
    const known = Array.from({ length: 30 }, (_, index) => cache.peek(`g${index}`)).filter(Boolean);
    expect(known).toHaveLength(12);
  });
});

describe("who may write", () => {
  test("is answered from memory once it is known, and forgotten when it changes", async () => {
    const { core } = world;
    const group = await world.newConversation(["ann"]);
    await permitWriting(core, group, "ann");
    expect(permitWriting(core, group, "ann")).toBeNull();
    await muteGroups(core, [group.key]);
    const asked = permitWriting(core, group, "ann");
    expect(asked).toBeInstanceOf(Promise);
    expect(await refusalOf(asked as Promise<void>)).toBe("muted");
    expect(() => permitWriting(core, group, "ann")).toThrow("muted");
    await unmuteGroups(core, [group.key]);
    await permitWriting(core, group, "ann");
    const room = await world.newConversation(["ann"], "chatroom");
    expect(permitWriting(core, room, "ann")).toBeNull();
  });

  test("changes by itself when a mute's time is over", async () => {
    const { core } = world;
    const group = await world.newConversation(["ann"]);
    await muteInGroup(core, { groupId: group.key, userIds: ["ann"], minutes: 10 });
    await muteInGroup(core, { groupId: group.key, userIds: ["ben"], minutes: null });
    const now = Date.now();
    const answers = async () => {
      const answer = async (userId: string) =>
        refusalOf(Promise.resolve().then(() => permitWriting(core, group, userId) ?? undefined));
      return [await answer("ann"), await answer("ben"), await answer("cid")];
    };
    expect(await answers()).toEqual(["muted", "muted", "was not refused"]);
    setSystemTime(now + 11 * 60_000);
    // Remembered from before, and read again.
    for (const _ of ["remembered", "read"]) {
      expect(await answers()).toEqual(["was not refused", "muted", "was not refused"]);
      core.groupRules.clear();
    }
  });
});
