/** Where users are reached: what they registered, and the Firebase tokens of sessions. */

import type { NewPushDevice, PushDevice } from "../../../ports/store-push.ts";
import { PUSH_DEVICES } from "../../../ports/store-push.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { idLists } from "./id-lists.ts";
import type { WriteScope } from "./write-scope.ts";

const registered = (db: Db, appId: number) => db.selectFrom("push_devices").where("app_id", "=", appId);

const withTokens = (db: Db, appId: number) =>
  db.selectFrom("sessions").where("app_id", "=", appId).where("fcm_token", "is not", null);

/** Of each user the newest devices, each with its newest address. */
export const findPushDevices = async (
  db: Db,
  appId: number,
  userIds: string[],
): Promise<Map<string, PushDevice[]>> => {
  const found: PushDevice[] = [];
  for (const list of idLists(userIds)) {
    const devices = await registered(db, appId)
      .select(["user_id as userId", "device_id as deviceId", "provider", "token", "platform"])
      .select(["package as packageName", "changed_at as changedAt"])
      .where("user_id", "in", list)
      .execute();
    const sessions = await withTokens(db, appId)
      .select(["user_id as userId", "device_id as deviceId", "fcm_token as token", "created_at as changedAt"])
      .where("user_id", "in", list)
      .execute();
    found.push(...devices);
    for (const { token, ...session } of sessions)
      found.push({ ...session, provider: "fcm", token: token as string, platform: "", packageName: null });
  }
  found.sort((one, other) => other.changedAt - one.changedAt);
  const byUser = new Map<string, PushDevice[]>();
  for (const device of found) {
    const devices = byUser.get(device.userId) ?? [];
    byUser.set(device.userId, devices);
    const isKnown = devices.some(
      ({ deviceId, token }) => deviceId === device.deviceId || token === device.token,
    );
    if (!isKnown && devices.length < PUSH_DEVICES) devices.push(device);
  }
  return byUser;
};

const after = (afterUserId: string | null): string => afterUserId ?? "";

export const pushDeviceReads = {
  async hasPushDevices(db: Db, appId: number): Promise<boolean> {
    const device = await registered(db, appId).select("user_id").limit(1).executeTakeFirst();
    if (device !== undefined) return true;
    return (await withTokens(db, appId).select("user_id").limit(1).executeTakeFirst()) !== undefined;
  },

  async pagePushUsers(db: Db, appId: number, afterUserId: string | null, limit: number): Promise<string[]> {
    // Each along its index: as a union, all would be read for each page. A user has few rows in either.
    const pages = [registered(db, appId), withTokens(db, appId)].map((rows) =>
      (rows as ReturnType<typeof registered>)
        .select("user_id")
        .distinct()
        .where("user_id", ">", after(afterUserId))
        .orderBy("user_id")
        .limit(limit)
        .execute(),
    );
    const ids = new Set<string>();
    for (const page of pages) for (const row of await page) ids.add(row.user_id);
    return inByteOrder([...ids]).slice(0, limit);
  },

  async pageUsers(db: Db, appId: number, afterUserId: string | null, limit: number): Promise<string[]> {
    const rows = await db
      .selectFrom("users")
      .select("id")
      .where("app_id", "=", appId)
      .where("id", ">", after(afterUserId))
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  },
};

/** As the databases order them. */
export const inByteOrder = (ids: string[]): string[] =>
  ids.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));

export const pushDeviceWrites = {
  async savePushDevice(scope: WriteScope, appId: number, device: NewPushDevice): Promise<void> {
    const { db } = scope;
    const { userId, deviceId, provider, token, platform, packageName } = device;
    await requireApp(db, appId);
    await db
      .deleteFrom("push_devices")
      .where("app_id", "=", appId)
      .where("token", "=", token)
      .where((row) => row.not(row.and([row("user_id", "=", userId), row("device_id", "=", deviceId)])))
      .execute();
    const values = { provider, token, platform, package: packageName, changed_at: await scope.nextTick() };
    await db
      .insertInto("push_devices")
      .values({ app_id: appId, user_id: userId, device_id: deviceId, ...values })
      .onConflict((conflict) => conflict.columns(["app_id", "user_id", "device_id"]).doUpdateSet(values))
      .execute();
    const kept = registered(db, appId)
      .where("user_id", "=", userId)
      .orderBy("changed_at", "desc")
      .limit(PUSH_DEVICES);
    await db
      .deleteFrom("push_devices")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("device_id", "not in", kept.select("device_id"))
      .execute();
  },

  async removePushDevice(
    { db }: WriteScope,
    appId: number,
    userId: string,
    deviceId: string,
  ): Promise<boolean> {
    const { numDeletedRows } = await db
      .deleteFrom("push_devices")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("device_id", "=", deviceId)
      .executeTakeFirst();
    return Number(numDeletedRows) > 0;
  },

  async forgetPushTokens(
    { db }: WriteScope,
    appId: number,
    dead: { userId: string; deviceId: string; token: string }[],
  ): Promise<void> {
    for (const { userId, deviceId, token } of dead) {
      await db
        .deleteFrom("push_devices")
        .where("app_id", "=", appId)
        .where("user_id", "=", userId)
        .where("device_id", "=", deviceId)
        .where("token", "=", token)
        .execute();
      await db
        .updateTable("sessions")
        .set({ fcm_token: null })
        .where("app_id", "=", appId)
        .where("user_id", "=", userId)
        .where("device_id", "=", deviceId)
        .where("fcm_token", "=", token)
        .execute();
    }
  },
};
