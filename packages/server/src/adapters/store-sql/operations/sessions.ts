/** Users and the sessions they open on their devices. */

import { ParlanceError } from "../../../errors.ts";
import type { NewSession, Session, User } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { idLists } from "./id-lists.ts";
import type { WriteScope } from "./write-scope.ts";

const sessionColumns = [
  "user_id as userId",
  "device_id as deviceId",
  "fcm_token as fcmToken",
  "created_at as createdAt",
] as const;

/** Ticks order sessions; the port speaks milliseconds. */
const toSession = (row: Session | undefined): Session | null =>
  row === undefined ? null : { ...row, createdAt: Math.floor(row.createdAt / 1000) };

export const sessionReads = {
  async findSession(db: Db, appId: number, tokenHash: string): Promise<Session | null> {
    const row = await db
      .selectFrom("sessions")
      .select(sessionColumns)
      .where("app_id", "=", appId)
      .where("token_hash", "=", tokenHash)
      .executeTakeFirst();
    return toSession(row);
  },

  async findUsers(db: Db, appId: number, ids: string[]): Promise<User[]> {
    const found: User[] = [];
    for (const list of idLists(ids)) {
      const rows = await db
        .selectFrom("users")
        .select(["id", "custom_data as customData"])
        .where("app_id", "=", appId)
        .where("id", "in", list)
        .execute();
      found.push(...rows);
    }
    return found;
  },
};

export const sessionWrites = {
  async openSession(
    { db, nextTick, holdUser }: WriteScope,
    appId: number,
    session: NewSession,
    keep: number,
  ): Promise<boolean> {
    await requireApp(db, appId);
    const { tokenHash, userId, deviceId, fcmToken, customData } = session;
    const [known] = await sessionReads.findUsers(db, appId, [userId]);
    await db
      .insertInto("users")
      .values({ app_id: appId, id: userId, custom_data: customData ?? null, created_at: Date.now() })
      .onConflict((conflict) =>
        customData === undefined
          ? conflict.doNothing()
          : conflict.columns(["app_id", "id"]).doUpdateSet({ custom_data: customData }),
      )
      .execute();
    await holdUser(appId, userId);
    const opened = await db
      .insertInto("sessions")
      .values({
        app_id: appId,
        token_hash: tokenHash,
        user_id: userId,
        device_id: deviceId,
        fcm_token: fcmToken,
        created_at: await nextTick(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("token_hash")
      .executeTakeFirst();
    if (opened === undefined) throw new ParlanceError("invalidInput", { tokenHash: "This token is in use." });

    const ofDevice = db
      .selectFrom("sessions")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("device_id", "=", deviceId);
    await db
      .deleteFrom("sessions")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("device_id", "=", deviceId)
      .where("token_hash", "not in", ofDevice.select("token_hash").orderBy("created_at", "desc").limit(keep))
      .execute();
    return customData !== undefined && customData !== (known?.customData ?? null);
  },

  async closeSession({ db }: WriteScope, appId: number, tokenHash: string): Promise<Session | null> {
    const row = await db
      .deleteFrom("sessions")
      .where("app_id", "=", appId)
      .where("token_hash", "=", tokenHash)
      .returning(sessionColumns)
      .executeTakeFirst();
    return toSession(row);
  },
};
