import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import { type Fixture, seeded, send } from "./fixture.ts";

interface Sent {
  sentAt: number;
  isCounted: boolean;
  isActive: boolean;
}

const users = ["ann", "ben", "cid", "dan"];

export const unreadContract = (fixture: Fixture): void => {
  /** Does one random thing to the store and to the plain log beside it. */
  const act = async (
    own: AppStore,
    groupId: number,
    log: Sent[],
    marks: Map<string, number>,
    random: () => number,
  ) => {
    const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T;
    const chance = random();
    if (chance < 0.5 || log.length === 0) {
      const [senderId, isCounted, marksRead] = [pick(users), random() < 0.7, random() < 0.3];
      const { sentAt } = await send(own, groupId, { senderId, isCounted, marksRead });
      log.push({ sentAt, isCounted, isActive: true });
      if (marksRead) marks.set(senderId, sentAt);
    } else if (chance < 0.8) {
      const message = pick(log);
      const isActive = random() < 0.4;
      const hasChanged = await own.setMessageActive(groupId, message.sentAt, isActive);
      expect(hasChanged).toBe(message.isActive !== isActive);
      message.isActive = isActive;
    } else {
      const [user, { sentAt }] = [pick(users), pick(log)];
      await own.moveReadMark(groupId, user, sentAt);
      marks.set(user, Math.max(sentAt, marks.get(user) ?? 0));
    }
  };

  describe("unread", () => {
    test.each([1, 2, 3, 4])("is what a recount of the log says, after anything (seed %d)", async (seed) => {
      const { own, group } = await fixture.newGroup();
      const random = seeded(seed);
      const log: Sent[] = [];
      const marks = new Map<string, number>();
      for (let step = 0; step < 150; step++) {
        await act(own, group.id, log, marks, random);
        for (const user of users) {
          const isUnread = ({ sentAt, isCounted, isActive }: Sent) =>
            isActive && isCounted && sentAt > (marks.get(user) ?? 0);
          expect(await own.countUnread([group.id], user, 1000)).toEqual([log.filter(isUnread).length]);
        }
      }
    });
  });
};
