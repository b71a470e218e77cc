import { expect, test } from "bun:test";
import type { AppStore, Conversation } from "../../ports/store.ts";
import { useCore } from "../../testing/core-world.ts";
import { directKey } from "../conversations/direct.ts";
import { accepts, whoAccept } from "./accepts.ts";
import { addContacts, removeContacts, setAllowlistUse } from "./contacts.ts";
import { checkDirect, DirectRules } from "./direct-rules.ts";
import { setDirectMuted } from "./mute-direct.ts";

const world = useCore();

/** What the gateway does with the news of a change. */
const hear = () => {
  for (const event of world.published.splice(0))
    if (event.kind === "directRulesChanged") world.core.directRules.forget(event.userIds);
};

const conversation = (a: string, b: string, kind: Conversation["kind"] = "direct"): Conversation => ({
  id: 1,
  kind,
  key: directKey(a, b),
  admission: "members",
  createdAt: 0,
});

/** Null: answered from memory, and it may. */
const ask = async (senderId: string, to: string): Promise<string | null> => {
  try {
    const pending = checkDirect(world.core, {
      conversation: conversation(senderId, to),
      senderId,
    });
    if (pending === null) return null;
    await pending;
    return "looked up";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test("asks the store once, and again when a rule of one of the two has changed", async () => {
  expect([await ask("ann", "ben"), await ask("ann", "ben"), await ask("ben", "ann")]).toEqual([
    "looked up",
    null,
    null,
  ]);
  await addContacts(world.core, "ben", "block", ["ann"]);
  hear();
  expect([await ask("ann", "ben"), await ask("ann", "ben")]).toEqual(["blockedByUser", "blockedByUser"]);
  expect(await ask("ben", "ann")).toBeNull();
  // Somebody has a list, and another one isn't on it.
  expect([await ask("cid", "ben"), await ask("cid", "ben")]).toEqual(["looked up", null]);
  await removeContacts(world.core, "ben", "block", ["ann"]);
  hear();
  expect([await ask("ann", "ben"), await ask("ann", "ben")]).toEqual(["looked up", null]);

  await setAllowlistUse(world.core, ["ben"], true);
  hear();
  expect([await ask("ann", "ben"), await ask("ann", "ben")]).toEqual([
    "notAllowedByUser",
    "notAllowedByUser",
  ]);
  await addContacts(world.core, "ben", "allow", ["ann"]);
  hear();
  expect([await ask("ann", "ben"), await ask("ann", "ben")]).toEqual(["looked up", null]);

  await setDirectMuted(world.core, ["ann"], true);
  hear();
  expect([await ask("ann", "ben"), await ask("ann", "ben")]).toEqual(["directMuted", "directMuted"]);
  expect(await ask("ann", "ann")).toBeNull();
});

test("has nothing to say about other conversations", () => {
  const wanted = { senderId: "ann", type: "text", content: "{}" };
  expect(
    checkDirect(world.core, { ...wanted, conversation: conversation("ann", "ben", "group") }),
  ).toBeNull();
});

test("what was read while a rule changed is not kept", async () => {
  const gate = Promise.withResolvers<void>();
  let readings = 0;
  const rules = new DirectRules({
    async findUserStates() {
      readings++;
      await gate.promise;
      return [];
    },
    listContacts: async () => [],
    findListing: async () => [],
  } as unknown as AppStore);
  const asked = rules.ask("ann", "ben", false);
  rules.forget(["ann"]);
  gate.resolve();
  expect(await asked).toBeNull();
  expect(rules.peek("ann", "ben", false)).toBeUndefined();
  expect([await rules.ask("ann", "ben", false), rules.peek("ann", "ben", false)]).toEqual([null, null]);
  expect(readings).toBe(4);
  rules.forgetAll();
  expect(rules.peek("ann", "ben", false)).toBeUndefined();
});

test("a back end that asks is told what the store says", async () => {
  const { core } = world;
  await addContacts(core, "d1", "block", ["dan"]);
  await addContacts(core, "d2", "allow", ["dan"]);
  await setAllowlistUse(core, ["d2", "d3"], true);
  expect([...(await whoAccept(core, "dan", ["d1", "d2", "d3", "d4"]))].sort()).toEqual(["d2", "d4"]);
  expect([await accepts(core, "dan", "d1"), await accepts(core, "eve", "d1")]).toEqual([false, true]);
  const strict = { store: core.store, settings: { ...core.settings, usesAllowlists: true } };
  expect([...(await whoAccept(strict, "dan", ["d1", "d2", "d4"]))]).toEqual(["d2"]);
});
