import { describe, expect, test } from "bun:test";
import { expectRefusal, type Fixture, send } from "./fixture.ts";

export const reportsContract = (fixture: Fixture): void => {
  describe("reports", () => {
    test("keeps the message as it was, and outlives the conversation", async () => {
      const { own, group } = await fixture.newGroup();
      const { sentAt } = await send(own, group.id, { content: '{"text":"rude"}' });
      const given = { conversationId: group.id, sentAt, reporterId: "ben", reportType: 2, comment: "Rude." };
      const before = Date.now();
      const report = await own.createReport(given);
      expect(report).toEqual({
        ...given,
        id: report.id,
        conversationKey: group.key,
        senderId: "ann",
        messageType: "text",
        content: '{"text":"rude"}',
        createdAt: report.createdAt,
      });
      expect(report.createdAt).toBeWithin(before, Date.now() + 1);
      await own.deleteConversation(group.id);
      while ((await fixture.store.apps.purge(1000)) > 0);
      expect(await own.listReports(null, 10)).toEqual([report]);
    });

    test("lists newest first, in pages", async () => {
      const { own, group } = await fixture.newGroup();
      const { sentAt } = await send(own, group.id, { senderId: null });
      const given = { conversationId: group.id, sentAt, reporterId: "ben", reportType: null, comment: null };
      const ids = (await Promise.all([1, 2, 3].map(() => own.createReport(given)))).map(
        (report) => report.id,
      );
      expect((await own.listReports(null, 2)).map((report) => report.id)).toEqual([
        ids[2],
        ids[1],
      ] as number[]);
      expect((await own.listReports(ids[1] as number, 2)).map((report) => report.id)).toEqual([
        ids[0] as number,
      ]);
      expect(await own.listReports(ids[0] as number, 2)).toEqual([]);
    });

    test("refuses a report about nothing", async () => {
      const { own, group } = await fixture.newGroup();
      const given = {
        conversationId: group.id,
        sentAt: 5,
        reporterId: "ben",
        reportType: null,
        comment: null,
      };
      await expectRefusal(own.createReport(given), "messageNotFound");
      await expectRefusal(own.createReport({ ...given, conversationId: 12_345 }), "conversationNotFound");
      expect(await own.listReports(null, 10)).toEqual([]);
    });
  });
};
