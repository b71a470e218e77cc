/** The directory of tenants: the only operations that are not bound to an app. */

import { ParlanceError } from "../../../errors.ts";
import { type App, type AppChange, LONGEST_RETENTION_DAYS, type NewApp } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import type { WriteScope } from "./write-scope.ts";

const liveApps = (db: Db) =>
  db
    .selectFrom("apps")
    .select([
      "id",
      "key",
      "secret",
      "name",
      "is_active as isActive",
      "max_online_users as maxOnlineUsers",
      "retention_days as retentionDays",
      "settings",
      "words_revision as wordsRevision",
      "created_at as createdAt",
    ])
    .where("deleted_at", "is", null);

const toApp = (row: Omit<App, "isActive" | "settings"> & { isActive: number; settings: string }): App => ({
  ...row,
  isActive: row.isActive === 1,
  settings: JSON.parse(row.settings),
});

/** Null takes a setting back. */
const changeSettings = (standing: App["settings"], change: App["settings"]): App["settings"] =>
  Object.fromEntries(Object.entries({ ...standing, ...change }).filter(([, value]) => value !== null));

const takeApp = async (db: Db, key: string): Promise<App> => {
  const row = await liveApps(db).where("key", "=", key).executeTakeFirst();
  if (row === undefined) throw new ParlanceError("notFound");
  return toApp(row);
};

const refuseTaken = async (
  db: Db,
  field: "key" | "secret",
  value: string,
  exceptId: number,
): Promise<void> => {
  const other = await liveApps(db).where(field, "=", value).where("id", "<>", exceptId).executeTakeFirst();
  if (other !== undefined)
    throw new ParlanceError("invalidInput", { [field]: `Another app has this ${field}.` });
};

const refuseRetention = (days: number | null | undefined): void => {
  if (days == null || (Number.isInteger(days) && days >= 1 && days <= LONGEST_RETENTION_DAYS)) return;
  const sentence = `It must be a number of days from 1 to ${LONGEST_RETENTION_DAYS}, or null.`;
  throw new ParlanceError("invalidInput", { retentionDays: sentence });
};

export const raiseRevision = (db: Db) =>
  db
    .updateTable("meta")
    .set((row) => ({ value: row("value", "+", 1) }))
    .where("name", "=", "revision")
    .execute();

/** Throws `notFound` for an app that does not exist or is deleted: nothing new may begin in it. */
export const requireApp = async (db: Db, appId: number): Promise<void> => {
  const row = await liveApps(db).where("id", "=", appId).executeTakeFirst();
  if (row === undefined) throw new ParlanceError("notFound");
};

export const appReads = {
  async listApps(db: Db): Promise<App[]> {
    const rows = await liveApps(db).orderBy("id").execute();
    return rows.map(toApp);
  },

  async readRevision(db: Db): Promise<number> {
    const row = await db
      .selectFrom("meta")
      .select("value")
      .where("name", "=", "revision")
      .executeTakeFirstOrThrow();
    return row.value;
  },
};

export const appWrites = {
  async createApp({ db }: WriteScope, given: NewApp): Promise<App> {
    const { key, secret, name, maxOnlineUsers, retentionDays, settings = {} } = given;
    refuseRetention(retentionDays);
    await refuseTaken(db, "key", key, 0);
    await refuseTaken(db, "secret", secret, 0);
    await db
      .insertInto("apps")
      .values({
        key,
        secret,
        name,
        is_active: 1,
        max_online_users: maxOnlineUsers ?? null,
        retention_days: retentionDays ?? null,
        settings: JSON.stringify(settings),
        created_at: Date.now(),
        deleted_at: null,
      })
      .execute();
    await raiseRevision(db);
    return takeApp(db, key);
  },

  async updateApp({ db }: WriteScope, key: string, change: AppChange): Promise<App> {
    const { id, settings: standing } = await takeApp(db, key);
    const { name, secret, isActive, maxOnlineUsers, retentionDays, settings } = change;
    refuseRetention(retentionDays);
    if (secret !== undefined) await refuseTaken(db, "secret", secret, id);
    const columns = {
      ...(name === undefined ? {} : { name }),
      ...(secret === undefined ? {} : { secret }),
      ...(isActive === undefined ? {} : { is_active: isActive ? (1 as const) : (0 as const) }),
      ...(maxOnlineUsers === undefined ? {} : { max_online_users: maxOnlineUsers }),
      ...(retentionDays === undefined ? {} : { retention_days: retentionDays }),
      ...(settings === undefined ? {} : { settings: JSON.stringify(changeSettings(standing, settings)) }),
    };
    if (Object.keys(columns).length > 0) {
      await db.updateTable("apps").set(columns).where("id", "=", id).execute();
      await raiseRevision(db);
    }
    return takeApp(db, key);
  },

  async deleteApp({ db }: WriteScope, key: string): Promise<void> {
    const { id } = await takeApp(db, key);
    await db.updateTable("apps").set({ deleted_at: Date.now() }).where("id", "=", id).execute();
    await raiseRevision(db);
  },
};
