/** What users are shown as. */

import { sql } from "kysely";
import type { FieldsChange, Profile } from "../../../ports/store-profiles.ts";
import type { Db } from "../schema.ts";
import type { ProfilesTable } from "../schema-hosting.ts";
import { requireApp } from "./apps.ts";
import { rowsByKey } from "./by-key.ts";
import { withChanges, withOwnChanges } from "./fields.ts";
import { idLists } from "./id-lists.ts";
import type { WriteScope } from "./write-scope.ts";

const toProfile = (row: ProfilesTable): Profile => ({
  userId: row.user_id,
  version: row.version,
  fields: JSON.parse(row.fields),
  ownFields: JSON.parse(row.own_fields),
  createdAt: row.created_at,
});

export const profileReads = {
  async findProfiles(db: Db, appId: number, userIds: string[]): Promise<Profile[]> {
    const found: Profile[] = [];
    for (const list of idLists(userIds)) {
      const rows = await db
        .selectFrom(rowsByKey(db, "profiles", { app_id: appId }, "user_id", list).as("p"))
        .selectAll()
        .execute();
      found.push(...rows.map(toProfile));
    }
    return found;
  },

  async listProfiles(
    db: Db,
    appId: number,
    { offset, limit, isNewestFirst }: { offset: number; limit: number; isNewestFirst: boolean },
  ): Promise<Profile[]> {
    const direction = isNewestFirst ? "desc" : "asc";
    const rows = await db
      .selectFrom("profiles")
      .selectAll()
      .where(sql`(app_id + 0)`, "=", appId)
      .orderBy("created_at", direction)
      .limit(Math.max(0, limit))
      .offset(Math.max(0, offset))
      .execute();
    return rows.map(toProfile);
  },
};

/** Seconds, or one more than before: no version comes twice, even after a cleaning. */
const nextVersion = (standing: number): number => Math.max(Math.floor(Date.now() / 1000), standing + 1);

export const profileWrites = {
  async saveProfile(
    { db, nextTick }: WriteScope,
    appId: number,
    userId: string,
    change: FieldsChange,
    mostOwnFields: number,
  ): Promise<Profile> {
    await requireApp(db, appId);
    const createdAt = await nextTick();
    const empty = { version: 0, fields: "{}", own_fields: "{}", created_at: createdAt };
    // Written even where nothing changes, so that the row is held until the end.
    const standing = await db
      .insertInto("profiles")
      .values({ app_id: appId, user_id: userId, ...empty })
      .onConflict((conflict) =>
        conflict
          .columns(["app_id", "user_id"])
          .doUpdateSet((row) => ({ version: row.ref("profiles.version") })),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    const changed = {
      version: nextVersion(standing.version),
      fields: JSON.stringify(withChanges(standing.fields, change.fields)),
      own_fields: JSON.stringify(withOwnChanges(standing.own_fields, change.ownFields, mostOwnFields)),
    };
    await db
      .updateTable("profiles")
      .set(changed)
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .execute();
    return toProfile({ ...standing, ...changed });
  },

  async cleanProfiles({ db }: WriteScope, appId: number, userIds: string[]): Promise<string[]> {
    const cleaned: string[] = [];
    for (const list of idLists(userIds)) {
      const rows = await db
        .deleteFrom("profiles")
        .where("app_id", "=", appId)
        .where("user_id", "in", list)
        .returning("user_id")
        .execute();
      for (const row of rows) cleaned.push(row.user_id);
    }
    return cleaned;
  },
};
