/**
 * Brings a database to the newest version. Migrations are only ever added at the end of the table; one that was released
 * never changes.
 */

import type { Kysely } from "kysely";
import { createFirstTables } from "./0001-first-tables.ts";
import { createPresence } from "./0002-presence.ts";
import { addRetention } from "./0003-retention.ts";
import { addChanges } from "./0004-changes.ts";
import { createConversationStates } from "./0005-conversation-states.ts";
import { createChatrooms } from "./0006-chatrooms.ts";
import { addAppSettings } from "./0007-app-settings.ts";
import { createUserRules } from "./0008-users.ts";
import { createGroups } from "./0009-groups.ts";
import { addMessageTraits } from "./0010-message-traits.ts";
import { createBroadcasts } from "./0011-broadcasts.ts";
import { createPush } from "./0012-push.ts";
import { createWordsAndRates } from "./0013-words-and-rates.ts";
import { createHosting } from "./0014-hosting.ts";
import type { Flavor } from "./flavor.ts";

interface Migration {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
  run(db: Kysely<any>, flavor: Flavor): Promise<void>;
}

/** The version of a database is the number of migrations it went through. */
export const migrations: readonly Migration[] = [
  { name: "first tables", run: createFirstTables },
  { name: "presence", run: createPresence },
  { name: "retention", run: addRetention },
  { name: "changes", run: addChanges },
  { name: "conversation states", run: createConversationStates },
  { name: "chatrooms", run: createChatrooms },
  { name: "app settings", run: addAppSettings },
  { name: "users", run: createUserRules },
  { name: "groups", run: createGroups },
  { name: "message traits", run: addMessageTraits },
  { name: "broadcasts", run: createBroadcasts },
  { name: "push", run: createPush },
  { name: "words and rates", run: createWordsAndRates },
  { name: "hosting", run: createHosting },
];

interface History {
  migrations: { version: number; name: string; applied_at: number };
}

/**
 * Each migration runs in a transaction of its own; `inTransaction` must let only one process at a time into it.
 * Throws a plain sentence when the database is newer than this program.
 */
export const migrate = async (
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  db: Kysely<any>,
  flavor: Flavor,
  inTransaction: (work: () => Promise<void>) => Promise<void>,
  known: readonly Migration[] = migrations,
): Promise<void> => {
  const history = db as Kysely<History>;
  const readVersion = async (): Promise<number> => {
    const row = await history
      .selectFrom("migrations")
      .select(({ fn }) => fn.max("version").as("version"))
      .executeTakeFirst();
    return row?.version ?? 0;
  };

  await inTransaction(async () => {
    await history.schema
      .createTable("migrations")
      .ifNotExists()
      .addColumn("version", "integer", (column) => column.primaryKey())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("applied_at", "bigint", (column) => column.notNull())
      .execute();
  });

  for (;;) {
    const version = await readVersion();
    if (version === known.length) return;
    await inTransaction(async () => {
      // Read again: another process may have been here between the two.
      const present = await readVersion();
      if (present > known.length) {
        throw new Error(
          `The database was written by a newer Parlance (version ${present} of its tables; this program knows ` +
            `${known.length}). Start that program again, or restore a backup from before the upgrade.`,
        );
      }
      const next = known[present];
      if (next === undefined) return;
      await next.run(db, flavor);
      await history
        .insertInto("migrations")
        .values({ version: present + 1, name: next.name, applied_at: Date.now() })
        .execute();
    });
  }
};
