import { describe, expect, test } from "bun:test";
import { type Fixture, send } from "./fixture.ts";

export const catchUpContract = (fixture: Fixture): void => {
  describe("catching up", () => {
    test("heads tell where logs end, 0 for an empty one, nothing for what is deleted or unknown", async () => {
      const { own, group } = await fixture.newGroup();
      expect(await own.findHeads([group.id])).toEqual([{ conversation: group, seq: 0, sentAt: 0 }]);
      await send(own, group.id);
      const last = await send(own, group.id);
      expect(await own.findHeads([group.id, group.id, 5])).toEqual([
        { conversation: group, seq: 2, sentAt: last.sentAt },
      ]);
      await own.deleteConversation(group.id);
      expect(await own.findHeads([group.id])).toEqual([]);
      expect(await own.findHeads([])).toEqual([]);
    });

    test("open sessions are told from closed and unknown ones", async () => {
      const { own } = await fixture.newGroup();
      for (const tokenHash of ["hash-1", "hash-2"]) {
        await own.openSession({ tokenHash, userId: "ann", deviceId: tokenHash, fcmToken: null }, 1);
      }
      await own.closeSession("hash-1");
      expect(await own.findOpenSessions(["hash-1", "hash-2", "hash-3"])).toEqual(["hash-2"]);
      expect(await own.findOpenSessions([])).toEqual([]);
    });

    test("memberships of many users come at once, more than fit one query", async () => {
      const { own, group } = await fixture.newGroup();
      const many = Array.from({ length: 1500 }, (_, index) => `many-${index}`);
      await own.addMembers(group.id, many);
      const found = await own.listMembershipsOf([...many, "nobody"]);
      expect(found.map(({ userId }) => userId).sort()).toEqual([...many].sort());
      expect(new Set(found.map(({ conversationId }) => conversationId))).toEqual(new Set([group.id]));
    });
  });
};
