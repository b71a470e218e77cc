import { expect, test } from "bun:test";
import { sharedPostgres } from "../../../testing/shared-servers.ts";
import { openPostgresStore } from "../postgres.ts";
import { newGroup, temporaries } from "../testing/temporary.ts";
import { copyInstallation } from "./copy-installation.ts";

const { newFile, openStore } = temporaries();

test("a copy takes users, what their app decided about them, and their lists", async () => {
  const file = await newFile();
  const { own, appId } = await newGroup(await openStore(file));
  const ids = ["ann", "ben", "ghost"];
  await own.registerUser({ id: "ann", name: "Ann", portraitUrl: "p", at: 7 });
  await own.changeUserRules(ids, { tokensFrom: 5, blockedUntil: 9e15 });
  await own.changeUserRules(["ben"], { isDirectMuted: true, usesAllowlist: true });
  await own.deactivateUsers(["ghost"], 11, 9e15);
  await own.addContacts("ann", "block", ["ben", "cid"], 9);
  await own.addContacts("ann", "allow", ["dan"], 9);
  const everything = async (of: typeof own) => ({
    users: await of.listUsers({ offset: 0, limit: 10, isNewestFirst: false }),
    states: (await of.findUserStates(ids)).sort((a, b) => (a.userId < b.userId ? -1 : 1)),
    blocklist: await of.listContacts("ann", "block", { before: null, limit: 10 }),
    allowlist: await of.listContacts("ann", "allow", { before: null, limit: 10 }),
    muted: await of.listRuledUsers("directMuted", 0, { offset: 0, limit: 10 }),
    gone: await of.listRuledUsers("deactivated", 0, { offset: 0, limit: 10 }),
  });
  const expected = await everything(own);
  expect([expected.states.length, expected.blocklist.length, expected.muted.total]).toEqual([3, 2, 1]);
  const postgres = await sharedPostgres();
  const options = { file, url: postgres.url(await postgres.createDatabase()) };
  const copied = await copyInstallation({ ...options, isAtRest: true, compareAll: true, onProgress() {} });
  expect(copied).toMatchObject({ copied: { user_rules: 3, contacts: 3 }, differences: [] });
  const target = await openPostgresStore({ url: options.url, connections: 2 });
  try {
    expect(await everything(target.forApp(appId))).toEqual(expected);
  } finally {
    await target.close();
  }
}, 60_000);
