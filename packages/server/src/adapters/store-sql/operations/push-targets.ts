/** Whom a notification reaches: everything that decides it for a page of users, in one reading. */

import type { ConversationKind } from "../../../ports/store.ts";
import type { MuteLevel } from "../../../ports/store-conversations.ts";
import type {
  PreferencesChange,
  PushPreferences,
  PushTarget,
  QuietHours,
} from "../../../ports/store-push.ts";
import type { Db } from "../schema.ts";
import type { PushPreferencesTable } from "../schema-push.ts";
import { requireApp } from "./apps.ts";
import { idLists } from "./id-lists.ts";
import { presenceReads } from "./presence.ts";
import { findPushDevices } from "./push-devices.ts";
import type { WriteScope } from "./write-scope.ts";

type Row = Omit<PushPreferencesTable, "app_id" | "user_id">;

const toPreferences = (row: Row | undefined): PushPreferences => {
  const isQuiet = row?.quiet_from != null && row.quiet_minutes != null;
  return {
    muteLevels: row === undefined ? {} : JSON.parse(row.mute_levels),
    quiet: isQuiet
      ? {
          from: row.quiet_from as number,
          minutes: row.quiet_minutes as number,
          level: row.quiet_level as QuietHours["level"],
        }
      : null,
    hidesDetails: row?.hides_details === 1,
  };
};

const preferencesOf = async (db: Db, appId: number, userIds: string[]): Promise<Map<string, Row>> => {
  const rows = await db
    .selectFrom("push_preferences")
    .selectAll()
    .where("app_id", "=", appId)
    .where("user_id", "in", userIds)
    .execute();
  return new Map(rows.map((row) => [row.user_id, row]));
};

const muteLevelsOf = async (db: Db, appId: number, conversationId: number, userIds: string[]) => {
  const rows = await db
    .selectFrom("conversation_settings")
    .select(["user_id as userId", "mute_level as level"])
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .where("user_id", "in", userIds)
    .execute();
  return new Map(rows.map(({ userId, level }) => [userId, level as MuteLevel | null]));
};

const remarksOn = async (db: Db, appId: number, targetId: string, userIds: string[]) => {
  const rows = await db
    .selectFrom("push_remarks")
    .select(["user_id as userId", "remark"])
    .where("app_id", "=", appId)
    .where("user_id", "in", userIds)
    .where("target_id", "=", targetId)
    .execute();
  return new Map(rows.map(({ userId, remark }) => [userId, remark]));
};

const nothing = new Map<string, never>();

export const pushTargetReads = {
  async findPushTargets(
    db: Db,
    appId: number,
    userIds: string[],
    {
      conversationId,
      senderId,
      evenOnline,
    }: { conversationId: number | null; senderId: string | null; evenOnline: boolean },
  ): Promise<PushTarget[]> {
    const devices = await findPushDevices(db, appId, userIds);
    let reached = [...devices.keys()];
    if (!evenOnline && reached.length > 0) {
      const present = await presenceReads.findPresence(db, appId, reached);
      const online = new Set(present.map(({ userId }) => userId));
      reached = reached.filter((userId) => !online.has(userId));
    }
    const targets: PushTarget[] = [];
    for (const list of idLists(reached)) {
      const preferences = await preferencesOf(db, appId, list);
      const levels = conversationId === null ? nothing : await muteLevelsOf(db, appId, conversationId, list);
      const remarks = senderId === null ? nothing : await remarksOn(db, appId, senderId, list);
      for (const userId of new Set(list))
        targets.push({
          userId,
          devices: devices.get(userId) ?? [],
          preferences: toPreferences(preferences.get(userId)),
          muteLevel: levels.get(userId) ?? null,
          remark: remarks.get(userId) ?? null,
        });
    }
    return targets;
  },

  async findPushPreferences(db: Db, appId: number, userId: string): Promise<PushPreferences> {
    return toPreferences((await preferencesOf(db, appId, [userId])).get(userId));
  },
};

const withLevels = (
  known: PushPreferences["muteLevels"],
  change: NonNullable<PreferencesChange["muteLevels"]>,
): PushPreferences["muteLevels"] => {
  const entries = Object.entries({ ...known, ...change }).filter(([, level]) => level !== null);
  return Object.fromEntries(entries) as Partial<Record<ConversationKind, MuteLevel>>;
};

export const pushPreferenceWrites = {
  async savePushPreferences(
    scope: WriteScope,
    appId: number,
    userId: string,
    { muteLevels = {}, ...change }: PreferencesChange,
  ): Promise<PushPreferences> {
    const { db } = scope;
    await requireApp(db, appId);
    // There, so that a second change waits for the first.
    const known = await db
      .insertInto("push_preferences")
      .values({ app_id: appId, user_id: userId, mute_levels: "{}", hides_details: 0 })
      .onConflict((conflict) =>
        conflict.columns(["app_id", "user_id"]).doUpdateSet((row) => ({
          mute_levels: row.ref("push_preferences.mute_levels"),
        })),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    const before = toPreferences(known);
    const preferences = { ...before, ...change, muteLevels: withLevels(before.muteLevels, muteLevels) };
    await db
      .updateTable("push_preferences")
      .set({
        mute_levels: JSON.stringify(preferences.muteLevels),
        quiet_from: preferences.quiet?.from ?? null,
        quiet_minutes: preferences.quiet?.minutes ?? null,
        quiet_level: preferences.quiet?.level ?? null,
        hides_details: preferences.hidesDetails ? 1 : 0,
      })
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .execute();
    return preferences;
  },
};
