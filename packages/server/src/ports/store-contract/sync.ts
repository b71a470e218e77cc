import { describe, expect, test } from "bun:test";
import type { AppStore, Conversation } from "../store.ts";
import { TOMBSTONE_MICROS } from "../store-conversations.ts";
import { type Fixture, newConversation, send, setActive } from "./fixture.ts";
import { SyncDevice, sorted, wholeList } from "./sync-device.ts";

const page = { limit: 100, unreadCap: 100 };

/** A device that is up to date, and what its next synchronisation brings. PostgreSQL repeats what is half a minute old. */
const upToDate = async (own: AppStore, userId: string) => {
  const device = new SyncDevice(userId);
  await device.finish(own, 100);
  const expectEqual = async () => {
    await device.finish(own, 100);
    expect(sorted(device.states)).toEqual(sorted(await wholeList(own, userId)));
  };
  return { device, expectEqual };
};

export const syncContract = (fixture: Fixture): void => {
  const purgeAll = async () => {
    while ((await fixture.store.apps.purge(1000)) > 0);
  };

  describe("synchronising", () => {
    test("brings everything first, in pages, however few are asked for", async () => {
      const { own } = await fixture.newApp();
      for (let index = 0; index < 7; index++) await newConversation(own);
      await newConversation(own, { kind: "chatroom" });
      const device = new SyncDevice("ann");
      let pages = 1;
      while (!(await device.read(own, 2))) pages++;
      expect([pages, device.states.size]).toEqual([4, 7]);
      expect(sorted(device.states)).toEqual(sorted(await wholeList(own, "ann")));
    });

    test("looks at more memberships than a page looks at", async () => {
      const { own } = await fixture.newApp();
      const made = await Promise.all(Array.from({ length: 1100 }, () => newConversation(own)));
      const device = new SyncDevice("ann");
      await device.finish(own, 300);
      expect(device.states.size).toBe(1100);
      const last = made.reduce((one, other) => (other.id > one.id ? other : one));
      await send(own, last.id);
      await device.finish(own, 300);
      expect(device.states.get(`group/${last.key}`)?.head.seq).toBe(1);
    });

    test("brings each kind of change", async () => {
      const { own, group } = await fixture.newGroup();
      const direct = await newConversation(own, { kind: "direct", key: "3:annben" });
      await own.saveTag("ann", { id: "t", name: "Tag" }, 20);
      const sent = await send(own, group.id);
      const sentAt = (await send(own, direct.id)).sentAt;
      const { device, expectEqual } = await upToDate(own, "ann");
      const changes: (() => Promise<unknown>)[] = [
        () => send(own, group.id),
        () => own.moveReadMark(direct.id, "ben", sentAt),
        () => setActive(own, group.id, sent.sentAt, false),
        () => own.moveReadMark(group.id, "ann", sent.sentAt),
        () => own.updateSettings(group.id, "ann", { isPinned: true, draft: "x", addTags: ["t"] }),
        () => own.removeTag("ann", "t"),
        () => own.clearHistory(group.id, "ann", sent.sentAt),
        () => own.deleteOwn(direct.id, "ann", [sentAt], 10),
        () => own.addMembers(group.id, ["cid"]),
        () => own.removeMembers(group.id, ["cid"]),
        () => newConversation(own),
        () => own.removeFromList(group.id, "ann"),
        () => send(own, group.id),
        () => own.removeMembers(group.id, ["ann"]),
        () => own.addMembers(group.id, ["ann"]),
      ];
      for (const change of changes) {
        const before = JSON.stringify(sorted(device.states));
        await change();
        await expectEqual();
        expect(JSON.stringify(sorted(device.states))).not.toBe(before);
      }
    });

    test("tells what was lost: by removal, by deletion, and after its rows are gone", async () => {
      const { own, group } = await fixture.newGroup();
      const doomed = await newConversation(own, { key: "doomed" });
      const purged = await newConversation(own, { key: "purged" });
      const kept = await newConversation(own, { key: "kept" });
      const { device, expectEqual } = await upToDate(own, "ann");
      await own.deleteConversation(purged.id);
      await purgeAll();
      await own.deleteConversation(doomed.id);
      await own.removeMembers(group.id, ["ann"]);
      const lost = await own.syncConversations("ann", device.position, page);
      const names = lost.lost.map(({ key }) => key).sort();
      expect(names).toEqual([group.key, "doomed", "purged"].sort());
      await expectEqual();
      expect([...device.states.keys()]).toEqual([`group/${kept.key}`]);
      // Who was never a member hears nothing of it, and who begins now neither.
      const stranger = await own.syncConversations("eve", { ...device.position, since: 0 }, page);
      expect([stranger.states, stranger.lost]).toEqual([[], []]);
      const fresh = await own.syncConversations("ann", { since: null, until: null, afterId: 0 }, page);
      expect(fresh.lost).toEqual([]);
    });

    test("a name that another conversation has taken isn't lost", async () => {
      const { own } = await fixture.newApp();
      const old = await newConversation(own, { key: "same" });
      await send(own, old.id);
      const { device, expectEqual } = await upToDate(own, "ann");
      await own.deleteConversation(old.id);
      const heir = await newConversation(own, { key: "same" });
      await expectEqual();
      expect(device.states.get("group/same")?.conversation.id).toBe(heir.id);
      await purgeAll();
      await expectEqual();
      await own.removeMembers(heir.id, ["ann"]);
      await expectEqual();
      expect(device.states.size).toBe(0);
    });

    test("who was away for a page in between finds what changed on either side of it", async () => {
      const { own } = await fixture.newApp();
      const rooms: Conversation[] = [];
      for (let index = 0; index < 6; index++) rooms.push(await newConversation(own));
      const device = new SyncDevice("ann");
      await device.read(own, 3);
      for (const { id } of rooms) await send(own, id);
      await own.removeMembers((rooms[0] as Conversation).id, ["ann"]);
      await own.removeMembers((rooms[5] as Conversation).id, ["ann"]);
      await device.finish(own, 3);
      expect(sorted(device.states)).toEqual(sorted(await wholeList(own, "ann")));
    });

    test("the moment that is reached is of a clock that is right, whatever is asked for", async () => {
      const { own, group } = await fixture.newGroup();
      await send(own, group.id);
      const first = await own.syncConversations("ann", { since: null, until: null, afterId: 0 }, page);
      const far = first.until + 3_600_000_000;
      const later = await own.syncConversations("ann", { since: far, until: null, afterId: 0 }, page);
      expect(later.until).toBeLessThan(far);
      expect(Math.abs(first.until - Date.now() * 1000)).toBeLessThan(300_000_000);
      expect(TOMBSTONE_MICROS).toBeGreaterThan(7 * 24 * 3_600_000_000);
    });
  });
};
