import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../adapters/open-store.ts";
import type { Store } from "../../ports/store.ts";
import { declareApps } from "./declare-apps.ts";

let store: Store | undefined;
let dataDir = "";
afterEach(async () => {
  await store?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test("declared apps are made, brought up to date, and refused with their key when the secret is another's", async () => {
  dataDir = mkdtempSync(join(tmpdir(), "parlance-declare-"));
  store = await openStore({ dataDir });
  const { apps } = store;
  const declare = (key: string, secret: string, name = key) => declareApps(apps, [{ key, secret, name }]);
  const listed = async () =>
    (await apps.list()).map(({ key, secret, name }) => `${key} ${secret} ${name}`).sort();

  await declare("a", "secret-a");
  await apps.update("a", { maxOnlineUsers: 5 });
  await declare("b", "secret-b");
  await declare("a", "secret-c", "New name");
  expect(await listed()).toEqual(["a secret-c New name", "b secret-b b"]);
  expect((await apps.list()).find(({ key }) => key === "a")?.maxOnlineUsers).toBe(5);

  const refusal = await declare("d", "secret-b").catch((error: Error) => error.message);
  expect(refusal).toBe("the app d can't be declared. Another app has this secret.");
  expect(await listed()).toHaveLength(2);

  const before = await apps.revision();
  await declare("a", "secret-c", "New name");
  expect(await apps.revision()).toBe(before);
});

test("many that declare the same app at once all find it there", async () => {
  dataDir = mkdtempSync(join(tmpdir(), "parlance-declare-"));
  store = await openStore({ dataDir });
  const { apps } = store;
  const same = { key: "a", secret: "secret-a", name: "A" };
  await Promise.all(Array.from({ length: 8 }, () => declareApps(apps, [same])));
  expect(await apps.list()).toHaveLength(1);
});
