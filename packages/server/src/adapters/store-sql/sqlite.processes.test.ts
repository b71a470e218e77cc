import { expect, test } from "bun:test";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failureOf } from "../../testing/failure-of.ts";
import { newGroup, temporaries, textMessage } from "./testing/temporary.ts";

/** Two stores on one file are what a server and a command line beside it are: SQLite sees two connections either way. */
const { newFolder, newFile, openStore } = temporaries();

test("a command line beside a running server: each sees the other's apps", async () => {
  const file = await newFile();
  const server = await openStore(file);
  const { own, id } = await newGroup(server);
  const known = await server.apps.revision();
  let isSending = true;
  const load = (async () => {
    let count = 0;
    for (; isSending; count += 20) {
      await Promise.all(Array.from({ length: 20 }, () => own.append(textMessage(id))));
    }
    return count;
  })();

  const command = await openStore(file);
  for (let number = 0; number < 20; number++) {
    await command.apps.create({ key: `k${number}`, secret: `s${number}`, name: "n" });
  }
  await command.apps.delete("k3");
  await command.close();
  isSending = false;

  expect(await server.apps.revision()).toBe(known + 21);
  const keys = (await server.apps.list()).map((app) => app.key);
  expect(keys.filter((key) => key.startsWith("k"))).toHaveLength(19);
  // First the load's end, then the log: read the other way round, the load runs on while it is read.
  const sent = await load;
  const log = await own.listMessages(id, null, 1_000_000);
  expect(log).toHaveLength(sent);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => log.length - index));
});

test("many processes may open a new file at the same time", async () => {
  const file = await newFile();
  const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(file)));
  for (const [number, store] of stores.entries()) {
    await store.apps.create({ key: `k${number}`, secret: `s${number}`, name: "n" });
  }
  expect(await stores[0]?.apps.list()).toHaveLength(4);
});

test("two that append to one conversation leave no gap and no repeated time", async () => {
  const file = await newFile();
  const [first, second] = [await openStore(file), await openStore(file)];
  const { own, appId, id } = await newGroup(first);
  const sends = Array.from({ length: 600 }, (_, number) =>
    (number % 2 ? own : second.forApp(appId)).append({ ...textMessage(id), clientId: String(number >> 1) }),
  );
  const sent = await Promise.all(sends);
  expect(sent.filter(({ isRepeat }) => isRepeat)).toHaveLength(300);
  const log = (await own.listMessages(id, null, 1000)).reverse();
  expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  const times = log.map(({ sentAt }) => sentAt);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
});

test("a backup is a consistent copy while writes go on, for its owner only", async () => {
  const [file, folder] = [await newFile(), await newFolder()];
  const target = join(folder, "copy.db");
  const store = await openStore(file);
  const { own, appId, id } = await newGroup(store);
  await Promise.all(Array.from({ length: 1000 }, () => own.append(textMessage(id))));
  const going = Array.from({ length: 2000 }, () => own.append({ ...textMessage(id), marksRead: true }));
  await store.backup(target);
  await Promise.all(going);
  expect((statSync(target).mode & 0o777).toString(8)).toBe("600");

  const copy = (await openStore(target)).forApp(appId);
  const log = await copy.listMessages(id, null, 10_000);
  expect(log.length).toBeWithin(1000, 3001);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => log.length - index));
  expect(await copy.countUnread([id], "ben", 10_000)).toEqual([log.length]);
  expect((await copy.append(textMessage(id))).seq).toBe(log.length + 1);
  expect((await own.append(textMessage(id))).seq).toBe(3001);
});

test("a backup refuses a file that exists, and a folder that does not", async () => {
  const folder = await newFolder();
  const store = await openStore(await newFile());
  const target = join(folder, "there");
  writeFileSync(target, "precious");
  expect(await failureOf(store.backup(target))).toMatch(
    /^Cannot back up the database: .*there exists already/,
  );
  expect(statSync(target).size).toBe(8);
  expect(await failureOf(store.backup(join(folder, "missing", "a")))).toMatch(/the folder does not exist/);
  await store.check();
});

test("closing waits for a backup that is under way", async () => {
  const [file, folder] = [await newFile(), await newFolder()];
  const store = await openStore(file);
  const { appId, id } = await newGroup(store);
  const backup = store.backup(join(folder, "copy.db"));
  await store.close();
  await backup;
  const copy = await openStore(join(folder, "copy.db"));
  expect(await copy.forApp(appId).isMember(id, "ann")).toBe(true);
});
