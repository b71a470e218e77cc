import { ParlanceError } from "../../../errors.ts";
import type { Appended, NewMessage } from "../../../ports/store.ts";
import { extrasOf } from "./message-extras.ts";
import { traitsOf } from "./message-traits.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

/**
 * Appends a message in the transaction of something else that happens with it. The hot path is each database's own
 * `append`; this one is for what is rare, and knows no client ids. Throws `conversationNotFound`.
 */
export const appendWithin = async (
  scope: WriteScope,
  appId: number,
  message: Omit<NewMessage, "clientId">,
): Promise<Appended> => {
  const { db } = scope;
  const { conversationId, senderId, type, content, marksRead } = message;
  const head = await scope.holdHead(appId, conversationId);
  if (head === undefined) throw new ParlanceError("conversationNotFound");
  const sentAt = scope.nextSentAt(head.sentAt);
  const seq = head.seq + 1;
  const extras = extrasOf(message);
  // Those for some only are counted for them alone.
  const isCounted = message.isCounted ? (extras?.toUsers == null ? 1 : 2) : 0;
  const counted = head.counted + (isCounted & 1);
  const place = { app_id: appId, conversation_id: conversationId };
  await db
    .insertInto("messages")
    .values({
      ...place,
      sent_at: sentAt,
      seq,
      counted,
      is_counted: isCounted as 0 | 1 | 2,
      sender_id: senderId,
      type,
      content,
      is_active: 1,
      traits: traitsOf(message),
      mentions: extras?.mentions ?? null,
      quote: extras?.quote ?? null,
      to_users: extras?.toUsers ?? null,
      keys: extras?.keys ?? null,
    })
    .execute();
  const rowOf = (userId: string) => ({ ...place, user_id: userId, sent_at: sentAt, seq });
  for (const rows of rowLists((extras?.mentioned ?? []).map(rowOf)))
    await db.insertInto("mentions").values(rows).execute();
  for (const rows of rowLists((extras?.recipients ?? []).map(rowOf)))
    await db.insertInto("recipients").values(rows).execute();
  const changedAt = await scope.nextTick();
  await db
    .updateTable("conversations")
    .set({ last_seq: seq, last_sent_at: sentAt, last_counted: counted, changed_at: changedAt })
    .where("app_id", "=", appId)
    .where("id", "=", conversationId)
    .execute();
  if (marksRead && senderId !== null) {
    const mark = { sent_at: sentAt, seq, counted, changed_at: changedAt };
    await db
      .insertInto("read_marks")
      .values({ ...place, user_id: senderId, ...mark })
      .onConflict((conflict) => conflict.columns(["app_id", "conversation_id", "user_id"]).doUpdateSet(mark))
      .execute();
  }
  return { sentAt, seq, isRepeat: false };
};
