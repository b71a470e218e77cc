/** Whom a send that asks for it doesn't reach. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { addContacts, setAllowlistUse } from "../../../../core/users/contacts.ts";
import { openTestCore, type TestCore } from "../../../../testing/test-core.ts";
import { privateRows } from "./private.ts";

let world: TestCore;
beforeAll(async () => {
  world = await openTestCore();
});
afterAll(() => world.close());

const reached = async (path: string, verifyBlacklist: boolean, toUserId: string[]): Promise<string[]> => {
  const row = privateRows.find((one) => one.path === path);
  const said = { fromUserId: "ann", objectName: "RC:TxtMsg", content: '{"content":"x"}', toUserId };
  const values = toUserId.map(() => ({}));
  const context = { host: "", origin: "" };
  const answer = await row?.run(world.core, { ...said, values, verifyBlacklist } as never, context);
  return (answer as { messageUIDs: { userId: string }[] }).messageUIDs.map(({ userId }) => userId);
};

test("who blocks the sender, or doesn't allow it, is left out where the call asks for that", async () => {
  const { core } = world;
  await addContacts(core, "ben", "block", ["ann"]);
  await addContacts(core, "cid", "block", ["other"]);
  await setAllowlistUse(core, ["dan", "eve"], true);
  await addContacts(core, "eve", "allow", ["ann"]);
  const all = ["ben", "cid", "dan", "eve", "fay"];
  for (const path of [
    "/message/private/publish.json",
    "/message/private/publish_template.json",
    "/statusmessage/private/publish.json",
  ]) {
    expect(await reached(path, true, all)).toEqual(["cid", "eve", "fay"]);
    expect(await reached(path, true, ["ben"])).toEqual([]);
    expect(await reached(path, false, all)).toEqual(all);
  }
});
