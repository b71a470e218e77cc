import { describe, expect, test } from "bun:test";
import type { AppStore, Conversation } from "../store.ts";
import type { ChatroomChange, ChatroomPlace } from "../store-chatrooms.ts";
import { nodeClock } from "../store-presence.ts";
import { conversationsOf, type Fixture, newConversation } from "./fixture.ts";
import { untilEnded } from "./nodes.ts";

const most = 20;
/** Everything in doubt is due, as if the time of grace were over. */
const isOver = -60_000;

let connections = 0;
const device = (userId: string, deviceId = "phone") => ({
  userId,
  deviceId,
  connectionId: ++connections,
  platform: "",
  openedAt: nodeClock(),
});

export const newHall = (own: AppStore): Promise<Conversation> =>
  newConversation(own, { kind: "chatroom", admission: "open", memberIds: [] });

const at = (hall: Conversation, ...userIds: string[]): ChatroomPlace[] =>
  userIds.map((userId) => ({ conversationId: hall.id, userId }));

const join = async (own: AppStore, hall: Conversation, ...userIds: string[]) =>
  (await own.updateChatrooms({ left: [], joined: at(hall, ...userIds) }, most)).changes[0] as ChatroomChange;
const leave = async (own: AppStore, hall: Conversation, ...userIds: string[]) =>
  (await own.updateChatrooms({ left: at(hall, ...userIds), joined: [] }, most)).changes[0] as ChatroomChange;

const membersOf = async (own: AppStore, hall: Conversation) =>
  (await own.listChatroomMembers(hall.id, { after: null, isNewestFirst: false, limit: 10_000 })).map(
    ({ userId }) => userId,
  );

export const chatroomsContract = (fixture: Fixture): void => {
  const prepare = async () => {
    const { own } = await fixture.newApp();
    const lease = await fixture.newLease();
    const connect = (...arrived: ReturnType<typeof device>[]) =>
      own.updatePresence(lease, { left: [], returned: [], claimed: [], arrived }, null);
    const disconnect = (...left: ReturnType<typeof device>[]) =>
      own.updatePresence(
        lease,
        { left: left.map(({ connectionId }) => connectionId), returned: [], claimed: [], arrived: [] },
        null,
      );
    return { own, lease, connect, disconnect, hall: await newHall(own) };
  };

  describe("chatrooms", () => {
    test("have those who joined and have not left, in the order of their coming", async () => {
      const { own, hall } = await prepare();
      expect(await own.findChatroom(hall.id)).toEqual({
        conversationId: hall.id,
        memberCount: 0,
        revision: 0,
      });
      const first = await join(own, hall, "zoe");
      expect(first).toEqual({
        ...{ conversationId: hall.id, memberCount: 1, revision: first.revision },
        ...{ joined: ["zoe"], left: [], stillMembers: [], removedKeys: [] },
      });
      const second = await join(own, hall, "ann", "ben", "zoe", "ann");
      expect(second).toMatchObject({ memberCount: 3, joined: ["ann", "ben"] });
      expect(second.revision).toBeGreaterThan(first.revision);
      expect(await membersOf(own, hall)).toEqual(["zoe", "ann", "ben"]);
      const [zoe, ann] = await own.listChatroomMembers(hall.id, {
        ...{ after: null, isNewestFirst: false, limit: 2 },
      });
      const page = { after: ann?.joinedAt as number, limit: 5 };
      const after = await own.listChatroomMembers(hall.id, { ...page, isNewestFirst: false });
      expect(after.map(({ userId }) => userId)).toEqual(["ben"]);
      expect(await own.listChatroomMembers(hall.id, { ...page, isNewestFirst: true })).toEqual([
        zoe as NonNullable<typeof zoe>,
      ]);
      expect(await leave(own, hall, "zoe", "nobody")).toMatchObject({ memberCount: 2, left: ["zoe"] });
      expect(await membersOf(own, hall)).toEqual(["ann", "ben"]);
      expect(await own.findChatroomMembers(hall.id, ["ann", "zoe"])).toEqual(["ann"]);
      expect(await own.findChatroom(hall.id)).toMatchObject({ memberCount: 2 });
    });

    test("are heard by those who are in them, as by stored members", async () => {
      const { own, hall } = await prepare();
      const mass = await newConversation(own, {
        ...{ kind: "chatroom", admission: "open", memberIds: ["ann", "ben"] },
      });
      await join(own, hall, "ann");
      await join(own, mass, "ann");
      expect((await conversationsOf(own, "ann")).sort()).toEqual([hall.id, mass.id].sort());
      expect(await own.listMembershipsOf(["ann", "ben"])).toHaveLength(3);
      expect([await own.isMember(hall.id, "ann"), await own.isMember(hall.id, "ben")]).toEqual([true, false]);
      expect(await own.findMembers(hall.id, ["ann", "ben"])).toEqual([{ userId: "ann", joinedSeq: null }]);
      expect(await own.findMembers(mass.id, ["ann"])).toEqual([{ userId: "ann", joinedSeq: 0 }]);
      expect(await leave(own, mass, "ann")).toMatchObject({ left: ["ann"], stillMembers: ["ann"] });
      expect(await own.isMember(mass.id, "ann")).toBe(true);
      expect(await own.listMembers(mass.id, null, 10)).toEqual(["ann", "ben"]);
    });

    test("many come and go at once, with their counts", async () => {
      const { own, hall } = await prepare();
      const other = await newHall(own);
      const crowd = Array.from({ length: 700 }, (_, index) => `user-${index}`);
      const { changes } = await own.updateChatrooms(
        { left: [], joined: [...at(hall, ...crowd), ...at(other, "user-1", "user-2")] },
        most,
      );
      expect(changes.map(({ memberCount }) => memberCount).sort()).toEqual([2, 700]);
      const results = await Promise.all([
        leave(own, hall, ...crowd.slice(0, 300)),
        join(own, hall, "ann"),
        leave(own, hall, ...crowd.slice(200, 400)),
      ]);
      expect(results.flatMap(({ left }) => left)).toHaveLength(400);
      expect(await own.findChatroom(hall.id)).toMatchObject({ memberCount: 301 });
      expect(await membersOf(own, hall)).toHaveLength(301);
    });

    test("refuse who is in too many, and conversations that are none", async () => {
      const { own, hall } = await prepare();
      const { own: stranger } = await fixture.newApp();
      const [second, gone, group, foreign] = [
        await newHall(own),
        await newHall(own),
        await newConversation(own),
        await newHall(stranger),
      ];
      await own.deleteConversation(gone.id);
      await join(own, hall, "ann");
      const joined = [second, gone, group, foreign, hall].flatMap((room) => at(room, "ann"));
      const result = await own.updateChatrooms({ left: [], joined }, 1);
      expect(result.refused).toEqual(at(second, "ann"));
      expect(result.missing.sort()).toEqual([gone.id, group.id, foreign.id].sort());
      expect(await conversationsOf(own, "ann")).toHaveLength(2);
      const moved = await own.updateChatrooms({ left: at(hall, "ann"), joined: at(second, "ann") }, 1);
      expect(moved.refused).toEqual([]);
      expect(await own.findChatroom(group.id)).toBeNull();
    });

    test("that are deleted have nobody", async () => {
      const { own, hall } = await prepare();
      await join(own, hall, "ann");
      await own.deleteConversation(hall.id);
      expect([await conversationsOf(own, "ann"), await membersOf(own, hall)]).toEqual([[], []]);
      expect(await own.findChatroom(hall.id)).toBeNull();
      await fixture.store.apps.purge(1000);
      expect(await leave(own, hall, "ann")).toBeUndefined();
    });
  });

  describe("who is not online any more", () => {
    const settle = (own: AppStore, grace = isOver) => own.settleChatrooms(grace, 1000);

    test("leaves after the time of grace, and not before", async () => {
      const { own, hall, connect, disconnect } = await prepare();
      const [ann, ben] = [device("ann"), device("ben")];
      await connect(ann, ben);
      await join(own, hall, "ann", "ben", "never-connected");
      expect(await settle(own, 600_000)).toEqual({ settled: 0, changes: [] });
      expect((await settle(own)).changes).toMatchObject([{ left: ["never-connected"], memberCount: 2 }]);
      expect((await settle(own)).settled).toBe(0);
      await disconnect(ann);
      expect((await settle(own, 600_000)).settled).toBe(0);
      expect(await membersOf(own, hall)).toEqual(["ann", "ben"]);
      expect((await settle(own)).changes).toMatchObject([{ left: ["ann"], memberCount: 1 }]);
      expect(await membersOf(own, hall)).toEqual(["ben"]);
    });

    test("keeps the place by coming back, or by another device", async () => {
      const { own, hall, connect, disconnect } = await prepare();
      const [phone, laptop, ben] = [device("ann"), device("ann", "laptop"), device("ben")];
      await connect(phone, laptop, ben);
      await join(own, hall, "ann", "ben");
      await disconnect(phone, ben);
      await connect(device("ben"));
      expect(await settle(own)).toEqual({ settled: 2, changes: [] });
      expect(await settle(own)).toEqual({ settled: 0, changes: [] });
      await disconnect(laptop);
      expect((await settle(own)).changes).toMatchObject([{ left: ["ann"] }]);
      expect(await membersOf(own, hall)).toEqual(["ben"]);
    });

    test("leaves when the node died through which it was there", async () => {
      const { own, hall, connect } = await prepare();
      const dying = await fixture.newLease();
      const arrived = [device("ann"), device("ben", "laptop"), device("cid")];
      await own.updatePresence(dying, { left: [], returned: [], claimed: [], arrived }, null);
      await connect(device("ben"));
      await join(own, hall, "ann", "ben", "cid");
      await settle(own);
      await fixture.store.nodes.renewLease(dying, 1);
      await untilEnded(fixture, dying);
      while ((await fixture.store.nodes.purge(1000)) > 0);
      const { changes } = await settle(own);
      expect(changes).toMatchObject([{ memberCount: 1 }]);
      expect(changes[0]?.left.sort()).toEqual(["ann", "cid"]);
      expect(await membersOf(own, hall)).toEqual(["ben"]);
    });

    test("has the whole grace from the end of the node's lease, even before that is noted", async () => {
      const { own, hall } = await prepare();
      const dying = await fixture.newLease(500);
      const arrived = [device("ann")];
      await own.updatePresence(dying, { left: [], claimed: [], returned: [], arrived }, null);
      await join(own, hall, "ann");
      while ((await settle(own, 1000)).changes.length === 0) await new Promise((go) => setTimeout(go, 50));
      const lease = (await fixture.store.nodes.list()).find(({ leaseId }) => leaseId === dying);
      expect(lease?.remaining).toBeLessThanOrEqual(-1000);
      expect(await membersOf(own, hall)).toEqual([]);
    });

    test("is found by asking which apps have somebody to settle, in pieces", async () => {
      const { own, hall } = await prepare();
      const { app, own: second } = await fixture.newApp();
      const other = await newHall(second);
      const isDue = async () => (await fixture.store.apps.listUnsettled(isOver)).includes(app.id);
      while ((await fixture.store.apps.listUnsettled(isOver)).length > 50)
        for (const id of await fixture.store.apps.listUnsettled(isOver))
          await fixture.store.forApp(id).settleChatrooms(isOver, 1000);
      expect(await isDue()).toBe(false);
      await join(second, other, "ann", "ben", "cid");
      await join(own, hall, "ann");
      expect(await isDue()).toBe(true);
      expect((await second.settleChatrooms(isOver, 2)).settled).toBe(2);
      expect(await isDue()).toBe(true);
      expect((await second.settleChatrooms(isOver, 0)).settled).toBe(0);
      expect((await second.settleChatrooms(isOver, 2)).settled).toBe(1);
      expect([await isDue(), await membersOf(own, hall)]).toEqual([false, ["ann"]]);
    });
  });
};
