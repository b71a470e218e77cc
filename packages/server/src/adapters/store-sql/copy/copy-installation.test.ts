import { describe, expect, test } from "bun:test";
import { SyncDevice, wholeList } from "../../../ports/store-contract/sync-device.ts";
import { until } from "../../../testing/until.ts";
import { agingSqlite } from "../testing/aging.ts";
import { installationPairs } from "../testing/installation-pairs.ts";
import { setActive, textMessage } from "../testing/temporary.ts";
import { countInstallation } from "./copy-installation.ts";

const { newPair, postgres } = installationPairs();

describe("a copy", () => {
  test("is counted beforehand without making anything", async () => {
    const { options, query, copy } = await newPair();
    const none = { source: 1, target: 0 };
    expect(await countInstallation(options)).toMatchObject({ apps: none, messages: none, members: none });
    expect(await query("select * from pg_tables where schemaname = 'public'")).toEqual([]);
    await copy();
    const one = { source: 1, target: 1 };
    expect(await countInstallation(options)).toMatchObject({ apps: one, messages: one, members: one });
  });

  test("takes nothing the second time, and what changed the third time", async () => {
    const { own, id, store, copy, useTarget } = await newPair();
    const old = await own.append(textMessage(id));
    const first = await copy();
    expect(first).toMatchObject({ differences: [], conversations: 1, messages: 2 });
    expect(await copy()).toMatchObject({ copied: {}, removed: {}, differences: [], messages: 2 });
    const { sentAt } = await own.append(textMessage(id));
    await setActive(own, id, sentAt, false);
    await setActive(own, id, old.sentAt, false);
    await own.moveReadMark(id, "ann", sentAt);
    expect(await copy()).toMatchObject({
      copied: { conversations: 1, read_marks: 1, messages: 3, "changed messages": 1 },
      removed: {},
      differences: [],
    });
    await setActive(own, id, old.sentAt, true);
    expect(await copy()).toMatchObject({ copied: { "changed messages": 1 }, differences: [] });
    const apps = await store.apps.list();
    expect(await useTarget((target) => target.apps.list())).toEqual(apps);
  });

  test("takes mentions, quotes, keys, messages for some, and all that became of messages", async () => {
    const { own, id, copy, useTarget, appId, query } = await newPair();
    const mentions = { userIds: ["ben"], isAll: true };
    const { sentAt, seq } = await own.append({ ...textMessage(id), mentions });
    const quote = { sentAt, seq, senderId: "ann", type: "text", content: "{}" };
    const some = await own.append({ ...textMessage(id), mentions, quote, toUserIds: ["ben", "cid"] });
    const change = { conversationId: id, of: sentAt, by: "ann" } as const;
    await own.change({ ...change, kind: "setKeys", keys: { a: "b" } });
    await copy();
    await own.change({ ...change, kind: "modify", content: '{"text":"better"}' });
    await own.change({ ...change, of: some.sentAt, kind: "recall" });
    await own.append({ ...textMessage(id), mentions });
    expect(await copy({ isAtRest: false })).toMatchObject({
      copied: { messages: 3, "changed messages": 2, mentions: 1 },
      differences: [],
    });
    await own.change({ ...change, kind: "hide", by: null });
    expect(await copy({ compareAll: true })).toMatchObject({
      copied: { messages: 1, "changed messages": 1 },
      differences: [],
    });
    const everything = async (of: typeof own) => ({
      log: await of.listEntriesAfter(id, 0, 100),
      unread: await Promise.all(["ann", "ben", "dan"].map((user) => of.countUnread([id], user, 100))),
      mentions: await Promise.all(["ann", "ben", "dan"].map((user) => of.countMentions([id], user, 100))),
      seen: await of.listMessages(id, null, 100, { userId: "ben", withRecalled: true }),
    });
    const expected = await everything(own);
    await useTarget(async (target) => expect(await everything(target.forApp(appId))).toEqual(expected));
    await query("update messages set content = '{}' where change_seq is not null and recalled = 0");
    await query("delete from recipients where user_id = 'cid'");
    expect(await query("select count(*)::int4 as rows from recipients")).toEqual([{ rows: 2 }]);
    const mended = await copy();
    expect(mended).toMatchObject({ copied: { recipients: 1 } });
    expect(mended.differences.join()).toContain("the rows of changed messages differ");
  });

  test("takes a log of many pages, and rows whose order depends on bytes", async () => {
    const { own, id, copy, useTarget, appId } = await newPair();
    const ids = [
      "z",
      "Z",
      "é",
      "\u{1f600}",
      "\uffff",
      "a b",
      ...Array.from({ length: 5000 }, (_, i) => `u${i}`),
    ];
    await own.addMembers(id, ids);
    const text = "long ".repeat(500);
    await Promise.all(
      Array.from({ length: 5000 }, (_, i) => own.append(textMessage(id, `{"text":"${text}${i}"}`))),
    );
    expect(await copy()).toMatchObject({ differences: [], messages: 5001 });
    await own.removeMembers(id, ["\uffff", "u17"]);
    await own.addMembers(id, ["\u{10ffff}"]);
    const again = await copy({ compareAll: true });
    expect(again).toMatchObject({ copied: { members: 1 }, removed: { members: 2 }, differences: [] });
    const [members, log] = [
      await own.listMembers(id, null, 10_000),
      await own.listMessages(id, null, 10_000),
    ];
    await useTarget(async (target) => {
      expect(await target.forApp(appId).listMembers(id, null, 10_000)).toEqual(members);
      expect(await target.forApp(appId).listMessages(id, null, 10_000)).toEqual(log);
    });
  });

  test("follows apps that exchange secrets, go and come, and never gives their numbers again", async () => {
    const { store, copy, useTarget } = await newPair();
    const make = (key: string) => store.apps.create({ key, secret: `secret of ${key}`, name: key });
    for (const key of ["one", "two", "three"]) await make(key);
    await copy();
    await store.apps.update("one", { secret: "for a moment" });
    await store.apps.update("two", { secret: "secret of one" });
    await store.apps.update("one", { secret: "secret of two", isActive: false, maxOnlineUsers: 7 });
    await store.apps.delete("three");
    const last = await make("three");
    await store.apps.delete("three");
    expect(await copy()).toMatchObject({ differences: [] });
    const apps = await store.apps.list();
    await useTarget(async (target) => {
      expect(await target.apps.list()).toEqual(apps);
      const next = await target.apps.create({ key: "three", secret: "secret of three", name: "Three" });
      expect(next.id).toBe(last.id + 1);
    });
  });

  test("follows a room that was deleted and made again under its old key", async () => {
    const { own, id, copy, useTarget, appId } = await newPair();
    await copy();
    await own.deleteConversation(id);
    const room = { kind: "group", key: "room", admission: "open" } as const;
    const again = await own.createConversation({ ...room, memberIds: ["ben"] });
    expect(await copy()).toMatchObject({ removed: { conversations: 1 }, differences: [], conversations: 1 });
    await useTarget(async (target) => {
      expect(await target.forApp(appId).findConversation("room", ["group"])).toEqual(again);
      expect(await target.forApp(appId).listMessages(id, null, 10)).toEqual([]);
      expect(await target.apps.purge(1000)).toBe(3);
    });
  });

  test("takes what members set for themselves, and a device goes on synchronising where it was", async () => {
    const { own, id, copy, useTarget, appId } = await newPair();
    const lost = await own.createConversation({
      kind: "group",
      key: "lost",
      admission: "members",
      memberIds: ["ann"],
    });
    const device = new SyncDevice("ann");
    await device.finish(own, 10);
    const { sentAt } = await own.append(textMessage(id));
    const last = await own.append(textMessage(id));
    await own.saveTag("ann", { id: "t", name: "Täg" }, 20);
    await own.updateSettings(id, "ann", { isPinned: true, muteLevel: 5, draft: "x", addTags: ["t"] });
    await own.clearHistory(id, "ann", sentAt);
    await own.deleteOwn(id, "ann", [last.sentAt], 10);
    await own.removeMembers(lost.id, ["ann"]);
    await own.changeGroup({ groupId: "g", name: "Grüppchen" });
    await own.changeGroup({ groupId: "lost", isDismissed: true });
    await own.muteGroups(["g"], 1);
    await own.muteInGroup(null, ["ann"], { mutedAt: 1, until: null, most: 1 });
    await own.muteInGroup("g", ["ben"], { mutedAt: 1, until: 2, most: 1 });
    await own.exemptFromMute("g", ["ann"], { at: 1, most: 1 });
    const copied = {
      groups: 2,
      muted_groups: 1,
      group_mutes: 2,
      mute_exemptions: 1,
      conversation_settings: 1,
      tags: 1,
      conversation_tags: 1,
      own_deletions: 1,
      past_members: 1,
    };
    expect(await copy()).toMatchObject({ copied, differences: [] });
    const list = await wholeList(own, "ann");
    await useTarget(async (target) => {
      const moved = target.forApp(appId);
      expect(await wholeList(moved, "ann")).toEqual(list);
      await device.finish(moved, 10);
      expect(device.states).toEqual(list);
      expect(await moved.readGroupRules("g", 0)).toEqual(await own.readGroupRules("g", 0));
      expect(await moved.findGroupNames(["g"])).toEqual([{ id: "g", name: "Grüppchen" }]);
    });
  });

  test("has what differs found: contents, rows that are missing, rows that are too many", async () => {
    const { copy, query, own, id } = await newPair();
    for (let count = 0; count < 3; count++) await own.append(textMessage(id));
    await copy();
    await query('update messages set content = \'{"text":""}\' where seq = 2');
    expect((await copy()).differences).toEqual([]);
    const [content] = (await copy({ compareAll: true })).differences;
    expect(content).toMatch(
      /conversation \d+: the source has 4 messages, seq 1 to 4, checksum \d+; the target has 4 messages, seq 1 to 4, checksum/,
    );
    await query("delete from messages where seq = 2");
    expect((await copy()).differences).toEqual([
      expect.stringMatching(/conversation \d+: the source has 4 messages; the target has 3\.$/),
    ]);
  });

  test("goes by month, and leaves out what the app no longer keeps, as both sides do", async () => {
    const { file, own, id, appId, copy, store, query, useTarget } = await newPair();
    const { age } = agingSqlite(file);
    for (const days of [70, 200, 5]) {
      const mentions = { userIds: ["ben"], isAll: false };
      const { sentAt } = await own.append({ ...textMessage(id), mentions, clientId: `c${days}` });
      if (days === 200) await setActive(own, id, sentAt, false);
      await age(appId, days * 86_400_000);
    }
    const mentions = { userIds: ["ben"], isAll: false };
    const last = await own.append({ ...textMessage(id), mentions });
    expect(await copy()).toMatchObject({ differences: [], messages: 6 });
    const count = async (what: string) =>
      (await query(`select count(${what})::int4 as count from messages`))[0]?.count;
    expect(await count("distinct tableoid")).toBeGreaterThanOrEqual(3);
    await useTarget(async (target) => {
      expect((await target.forApp(appId).listMessages(id, null, 10)).map(({ seq }) => seq)).toEqual([
        6, 5, 2, 1,
      ]);
    });

    const [app] = await store.apps.list();
    await store.apps.update(app?.key as string, { retentionDays: 100 });
    expect(await copy({ compareAll: true })).toMatchObject({ differences: [], messages: 2 });
    // A server that only runs removes old messages, which is no use of the copy and no difference.
    await useTarget(async (target) => {
      for (const deadline = Date.now() + 20_000; (await count("*")) !== 2 && Date.now() < deadline; ) {
        await target.apps.expire(100);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    expect(await count("*")).toBe(2);
    expect(await copy({ compareAll: true })).toMatchObject({ differences: [], messages: 2 });
    await useTarget(async (target) => {
      const copied = await target.forApp(appId).listMessages(id, null, 10);
      expect(copied.map(({ seq }) => seq)).toEqual([6, 5]);
      expect(copied[0]?.sentAt).toBe(last.sentAt);
    });
  });

  test("takes a target that a server merely ran on, before the first copy and after", async () => {
    const { copy, useTarget, own, id } = await newPair();
    const run = () =>
      useTarget(async (target) => {
        await target.check();
        await target.apps.purge(100);
        await target.apps.expire(100);
      });
    await run();
    // As servers did that noted every commit, and took times for nothing.
    await useTarget((target) => target.apps.delete("nobody").catch(() => {}));
    expect(await copy()).toMatchObject({ differences: [] });
    await run();
    await own.append(textMessage(id));
    expect(await copy()).toMatchObject({ copied: { messages: 1 }, differences: [] });
  });

  test("replaces the one character that PostgreSQL cannot hold", async () => {
    const { own, id, copy, useTarget, appId } = await newPair();
    await own.append(textMessage(id, '{"text":"a\0b"}'));
    expect(await copy()).toMatchObject({ differences: [], messages: 2 });
    const [message] = await useTarget((target) => target.forApp(appId).listMessages(id, null, 1));
    expect(message?.content).toBe('{"text":"a\uFFFDb"}');
  });

  test("waits until the target's clock is past the source's, and refuses to wait for long", async () => {
    const { tamper, copy, own, id, refusal } = await newPair();
    tamper(`update meta set value = ${(Date.now() + 1500) * 1000} where name = 'clock'`);
    const { sentAt } = await own.append(textMessage(id));
    await copy();
    expect(Date.now() * 1000).toBeGreaterThan(sentAt);
    tamper(`update meta set value = ${(Date.now() + 60_000) * 1000} where name = 'clock'`);
    expect(await refusal()).toMatch(/^PostgreSQL's clock is \d\d s behind the last time in the source/);
  });

  test("is made by one migration at a time", async () => {
    const { copy } = await newPair();
    const results = await Promise.all([copy(), copy(), copy()]);
    expect(results.map(({ copied }) => copied.messages ?? 0).sort()).toEqual([0, 0, 1]);
    expect(results.flatMap(({ differences }) => differences)).toEqual([]);
  });

  test("goes on over a PostgreSQL that is killed and comes back", async () => {
    const { copy, own, id } = await newPair();
    await Promise.all(Array.from({ length: 20_000 }, () => own.append(textMessage(id, "x".repeat(300)))));
    let stored = 0;
    const copying = copy({
      onProgress(text) {
        stored = Number(/(\d+) messages copied/.exec(text)?.[1] ?? stored);
      },
    });
    await until("something was copied", () => stored > 0);
    await postgres().kill();
    await postgres().start();
    await copying.catch(() => {});
    expect(await copy({ compareAll: true })).toMatchObject({ differences: [], messages: 20_001 });
  }, 60_000);
});
