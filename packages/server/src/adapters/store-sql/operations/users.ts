/** Users as an app registers them. Their sessions are in `sessions.ts`. */

import { sql } from "kysely";
import type { Millis } from "../../../ports/store.ts";
import type { NewUser, PageOf, RegisteredUser } from "../../../ports/store-users.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { ofUser } from "./erase-user.ts";
import type { WriteScope } from "./write-scope.ts";

const profile = ["id", "name", "portrait_url as portraitUrl", "created_at as registeredAt"] as const;

export const userReads = {
  async findUserProfile(db: Db, appId: number, id: string): Promise<RegisteredUser | null> {
    const row = await db
      .selectFrom("users")
      .select(profile)
      .where("app_id", "=", appId)
      .where("id", "=", id)
      .executeTakeFirst();
    return row ?? null;
  },

  async listUsers(
    db: Db,
    appId: number,
    { offset, limit, isNewestFirst }: PageOf & { isNewestFirst: boolean },
  ): Promise<{ total: number; users: RegisteredUser[] }> {
    const direction = isNewestFirst ? "desc" : "asc";
    // As the index has it.
    const ofApp = db.selectFrom("users").where(sql`(app_id + 0)`, "=", appId);
    const users = await ofApp
      .select(profile)
      .orderBy("created_at", direction)
      .orderBy("id", direction)
      .limit(Math.max(0, limit))
      .offset(Math.max(0, offset))
      .execute();
    const { total } = await ofApp
      .select(({ fn }) => fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow();
    return { total: Number(total), users };
  },
};

export const userWrites = {
  async registerUser(
    { db }: WriteScope,
    appId: number,
    { id, name, portraitUrl, at }: NewUser,
  ): Promise<Millis> {
    await requireApp(db, appId);
    const given = { name, ...(portraitUrl === undefined ? {} : { portrait_url: portraitUrl }) };
    const { registeredAt } = await db
      .insertInto("users")
      .values({ app_id: appId, id, custom_data: null, created_at: at, ...given })
      .onConflict((conflict) => conflict.columns(["app_id", "id"]).doUpdateSet(given))
      .returning("created_at as registeredAt")
      .executeTakeFirstOrThrow();
    const rules = await db
      .selectFrom("user_rules")
      .select("tokens_from as tokensFrom")
      .where("app_id", "=", appId)
      .where("user_id", "=", id)
      .executeTakeFirst();
    return Math.max(registeredAt, rules?.tokensFrom ?? 0);
  },

  async updateUser(
    { db }: WriteScope,
    appId: number,
    id: string,
    { name, portraitUrl }: { name?: string | undefined; portraitUrl?: string | undefined },
  ): Promise<boolean> {
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(portraitUrl === undefined ? {} : { portrait_url: portraitUrl }),
    };
    if (Object.keys(change).length === 0) return (await userReads.findUserProfile(db, appId, id)) !== null;
    const row = await db
      .updateTable("users")
      .set(change)
      .where("app_id", "=", appId)
      .where("id", "=", id)
      .returning("id")
      .executeTakeFirst();
    return row !== undefined;
  },

  async deleteUser({ db, holdUser }: WriteScope, appId: number, userId: string): Promise<boolean> {
    await holdUser(appId, userId);
    for (const table of [...ofUser, "user_rules"] as const)
      await db.deleteFrom(table).where("app_id", "=", appId).where("user_id", "=", userId).execute();
    const row = await db
      .deleteFrom("users")
      .where("app_id", "=", appId)
      .where("id", "=", userId)
      .returning("id")
      .executeTakeFirst();
    return row !== undefined;
  },
};
