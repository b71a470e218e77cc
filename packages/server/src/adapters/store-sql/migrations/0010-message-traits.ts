/** What few messages are sent with: that their author doesn't see them, that they are no list's last, their key-values. */

import { type Kysely, sql } from "kysely";
import type { Flavor } from "./flavor.ts";

// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const addMessageTraits = async (db: Kysely<any>, _flavor: Flavor): Promise<void> => {
  await db.schema
    .alterTable("messages")
    .addColumn("traits", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable("messages").addColumn("key_times", "text").execute();
  // Who didn't hear what was said in their name has nothing unread by it.
  await db.schema
    .createIndex("messages_unheard")
    .on("messages")
    .columns(["app_id", "conversation_id", "sender_id", "sent_at"])
    .where(sql<boolean>`(traits & 1) = 1`)
    .execute();
};
