import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import type { ConversationState } from "../store-conversations.ts";
import { type Fixture, newConversation, seeded, send, setActive } from "./fixture.ts";
import { SyncDevice, sorted, wholeList } from "./sync-device.ts";

const users = ["ann", "ben", "cid"];

interface Entry {
  sentAt: number;
  seq: number;
  senderId: string;
  isCounted: boolean;
  mentioned: string[];
  isActive: boolean;
}

interface Own {
  mark: number;
  cleared: number;
  deleted: Set<number>;
  removedAtSeq: number;
  isPinned: boolean;
}

/** A conversation as somebody would write it down who has no database. */
class Room {
  log: Entry[] = [];
  /** `seq` of the last entry, message or change. */
  head = 0;
  members = new Set(users);
  own = new Map<string, Own>();
  readonly id: number;
  readonly name: string;

  constructor(id: number, name: string) {
    this.id = id;
    this.name = name;
  }

  of(user: string): Own {
    const known = this.own.get(user);
    if (known) return known;
    const own = { mark: 0, cleared: 0, deleted: new Set<number>(), removedAtSeq: -1, isPinned: false };
    this.own.set(user, own);
    return own;
  }

  /** What the user's state must say. */
  expected(user: string) {
    const { mark, cleared, deleted, isPinned } = this.of(user);
    const visible = this.log.filter(
      ({ sentAt, isActive }) => isActive && sentAt > cleared && !deleted.has(sentAt),
    );
    const unread = visible.filter(({ sentAt, isCounted }) => isCounted && sentAt > mark);
    return {
      seq: this.head,
      last: visible.at(-1)?.seq ?? null,
      unread: unread.length,
      mentions: unread.filter((entry) => entry.mentioned.includes(user) && entry.senderId !== user).length,
      mark,
      cleared,
      isPinned,
      members: this.members.size,
    };
  }
}

const seen = (state: ConversationState) => ({
  seq: state.head.seq,
  last: state.lastMessage?.seq ?? null,
  unread: state.unread,
  mentions: state.mentions,
  mark: state.readMark?.sentAt ?? 0,
  cleared: state.clearedUpTo,
  isPinned: state.settings.isPinned,
  members: state.memberCount,
});

/** What may happen, with how often it does. Each does the same to the store and to what is written down. */
const acts: [weight: number, act: (world: World, room: Room, user: string) => Promise<void>][] = [
  [
    8,
    async ({ own, random, pick }, room, senderId) => {
      const mentioned = random() < 0.3 ? [pick(users)] : [];
      const [isCounted, marksRead] = [random() < 0.8, random() < 0.3];
      const mentions = mentioned.length > 0 ? { userIds: mentioned, isAll: false } : null;
      const { sentAt, seq } = await send(own, room.id, { senderId, isCounted, marksRead, mentions });
      room.head = seq;
      room.log.push({ sentAt, seq, senderId, isCounted, mentioned, isActive: true });
      if (marksRead) room.of(senderId).mark = sentAt;
    },
  ],
  [
    2,
    async ({ own, random, pick }, room) => {
      if (room.log.length === 0) return;
      const entry = pick(room.log);
      entry.isActive = random() < 0.4;
      if (await setActive(own, room.id, entry.sentAt, entry.isActive)) room.head++;
    },
  ],
  [
    4,
    async ({ own, pick }, room, user) => {
      if (room.log.length === 0) return;
      const { sentAt } = pick(room.log);
      await own.moveReadMark(room.id, user, sentAt);
      room.of(user).mark = Math.max(room.of(user).mark, sentAt);
    },
  ],
  [
    1,
    async ({ own, pick }, room, user) => {
      if (room.log.length === 0 || !room.members.has(user)) return;
      const { sentAt } = pick(room.log);
      await own.clearHistory(room.id, user, sentAt);
      room.of(user).cleared = Math.max(room.of(user).cleared, sentAt);
    },
  ],
  [
    2,
    async ({ own, pick }, room, user) => {
      if (room.log.length === 0 || !room.members.has(user)) return;
      const { sentAt } = pick(room.log);
      await own.deleteOwn(room.id, user, [sentAt], 1000);
      room.of(user).deleted.add(sentAt);
    },
  ],
  [
    1,
    async ({ own }, room, user) => {
      if (!room.members.has(user)) return;
      await own.removeFromList(room.id, user);
      room.of(user).removedAtSeq = room.head;
    },
  ],
  [
    1,
    async ({ own, random }, room, user) => {
      if (!room.members.has(user)) return;
      const isPinned = random() < 0.5;
      await own.updateSettings(room.id, user, { isPinned });
      room.of(user).isPinned = isPinned;
    },
  ],
  [
    2,
    async ({ own }, room, user) => {
      if (room.members.has(user)) {
        await own.removeMembers(room.id, [user]);
        room.members.delete(user);
      } else {
        await own.addMembers(room.id, [user]);
        room.members.add(user);
      }
    },
  ],
  [
    1,
    async (world, room) => {
      await world.own.deleteConversation(room.id);
      world.rooms.splice(world.rooms.indexOf(room), 1);
      // Half the time somebody takes the name again.
      await world.open(world.random() < 0.5 ? room.name : `room ${world.random()}`);
    },
  ],
];

class World {
  readonly own: AppStore;
  readonly random: () => number;
  readonly rooms: Room[] = [];

  constructor(own: AppStore, seed: number) {
    this.own = own;
    this.random = seeded(seed);
  }

  pick = <T>(list: T[]): T => list[Math.floor(this.random() * list.length)] as T;

  async open(key: string): Promise<void> {
    const { id } = await newConversation(this.own, { key, memberIds: users });
    this.rooms.push(new Room(id, key));
  }

  async act(): Promise<void> {
    let left = this.random() * acts.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, act] of acts) {
      left -= weight;
      if (left < 0) return act(this, this.pick(this.rooms), this.pick(users));
    }
  }

  expected(user: string) {
    const mine = this.rooms.filter(
      (room) => room.members.has(user) && room.of(user).removedAtSeq < (room.log.at(-1)?.seq ?? 0),
    );
    return new Map(mine.map((room) => [`group/${room.name}`, room.expected(user)]));
  }
}

const sortedNames = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
  [...map].sort(([one], [other]) => (one < other ? -1 : 1));

export const syncModelContract = (fixture: Fixture): void => {
  describe("devices that synchronise now and then", () => {
    test.each([1, 2, 3])(
      "end with the list, and the list is a recount of what happened (seed %d)",
      async (seed) => {
        const { own } = await fixture.newApp();
        const world = new World(own, seed);
        for (const key of ["a", "b", "c", "d"]) await world.open(key);
        const devices = users.flatMap((user) => [new SyncDevice(user), new SyncDevice(user)]);
        for (let step = 0; step < 250; step++) {
          await world.act();
          // A page of one device, which may stay in the middle of it for long.
          if (world.random() < 0.3) await world.pick(devices).read(own, 1 + Math.floor(world.random() * 3));
          if (world.random() < 0.03) await fixture.store.apps.purge(1 + Math.floor(world.random() * 50));
        }
        for (const user of users) {
          const list = await wholeList(own, user);
          const shown = new Map([...list].map(([name, state]) => [name, seen(state)]));
          expect(sortedNames(shown)).toEqual(sortedNames(world.expected(user)));
        }
        for (const device of devices) {
          await device.finish(own, 2);
          expect(sorted(device.states)).toEqual(sorted(await wholeList(own, device.userId)));
        }
      },
    );
  });
};
