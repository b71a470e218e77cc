/** What an app decided about its users: a row for each of whom it ever decided anything. */

import { sql } from "kysely";
import type { Millis } from "../../../ports/store.ts";
import type { PageOf, RuledUsers, UserRule, UserRulesChange, UserState } from "../../../ports/store-users.ts";
import type { Db, UserRulesTable } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { rulesById, usersById } from "./by-key.ts";
import { idLists } from "./id-lists.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

/** Of whom nothing was decided. */
const stateOf = (userId: string): UserState => ({
  userId,
  registeredAt: null,
  tokensFrom: 0,
  blockedUntil: 0,
  deactivatedAt: null,
  isDirectMuted: false,
  usesAllowlist: false,
});

/** Which rows are meant by a rule, and in which order they are listed. */
const listings = {
  blocked: { column: "blocked_until", direction: "desc" },
  deactivated: { column: "deactivated_at", direction: "asc" },
  directMuted: { column: "direct_muted_at", direction: "asc" },
} as const satisfies Record<UserRule, { column: keyof UserRulesTable; direction: "asc" | "desc" }>;

const ruled = (db: Db, appId: number, rule: UserRule, now: Millis) => {
  const { column } = listings[rule];
  const query = db.selectFrom("user_rules").where("app_id", "=", appId);
  // The first condition is that of the index.
  return rule === "blocked"
    ? query.where("blocked_until", ">", sql.lit(0)).where("blocked_until", ">", now)
    : query.where(column, "is not", null);
};

export const userRuleReads = {
  async findUserStates(db: Db, appId: number, userIds: string[]): Promise<UserState[]> {
    const found = new Map<string, UserState>();
    for (const list of idLists(userIds)) {
      const users = await db
        .selectFrom(usersById(db, appId, list).as("u"))
        .select(["id", "created_at as registeredAt"])
        .execute();
      for (const { id, registeredAt } of users) found.set(id, { ...stateOf(id), registeredAt });
      const rules = await db
        .selectFrom(rulesById(db, appId, list).as("r"))
        .selectAll()
        .execute();
      for (const row of rules)
        found.set(row.user_id, {
          ...(found.get(row.user_id) ?? stateOf(row.user_id)),
          tokensFrom: row.tokens_from,
          blockedUntil: row.blocked_until,
          deactivatedAt: row.deactivated_at,
          isDirectMuted: row.direct_muted_at !== null,
          usesAllowlist: row.uses_allowlist === 1,
        });
    }
    return [...found.values()];
  },

  async listRuledUsers(
    db: Db,
    appId: number,
    rule: UserRule,
    now: Millis,
    { offset, limit }: PageOf,
  ): Promise<RuledUsers> {
    const { column, direction } = listings[rule];
    const rows = await ruled(db, appId, rule, now)
      .select(["user_id as userId", `${column} as at`])
      .orderBy(column, direction)
      .orderBy("user_id", direction)
      .limit(Math.max(0, limit))
      .offset(Math.max(0, offset))
      .execute();
    const { total } = await ruled(db, appId, rule, now)
      .select(({ fn }) => fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow();
    return { total: Number(total), users: rows as { userId: string; at: Millis }[] };
  },
};

/** In one order for all, so that two transactions never wait for each other in a ring. */
const inOrder = (userIds: readonly string[]): string[] => [...new Set(userIds)].sort();

export const userRuleWrites = {
  async changeUserRules(
    { db }: WriteScope,
    appId: number,
    userIds: string[],
    { tokensFrom, blockedUntil, isDirectMuted, usesAllowlist }: UserRulesChange,
  ): Promise<void> {
    await requireApp(db, appId);
    const now = Date.now();
    const values = {
      ...(tokensFrom === undefined ? {} : { tokens_from: tokensFrom }),
      ...(blockedUntil === undefined ? {} : { blocked_until: blockedUntil }),
      ...(isDirectMuted === undefined ? {} : { direct_muted_at: isDirectMuted ? now : null }),
      ...(usesAllowlist === undefined ? {} : { uses_allowlist: usesAllowlist ? (1 as const) : (0 as const) }),
    };
    if (Object.keys(values).length === 0) return;
    const change = {
      ...values,
      ...(tokensFrom === undefined
        ? {}
        : {
            tokens_from: sql<Millis>`case when user_rules.tokens_from > ${tokensFrom} then user_rules.tokens_from
              else ${tokensFrom} end`,
          }),
      // Who is muted already keeps their place.
      ...(isDirectMuted === true
        ? { direct_muted_at: sql<Millis>`coalesce(user_rules.direct_muted_at, ${now})` }
        : {}),
    };
    for (const list of rowLists(inOrder(userIds)))
      await db
        .insertInto("user_rules")
        .values(list.map((userId) => ({ app_id: appId, user_id: userId, ...values })))
        .onConflict((conflict) => conflict.columns(["app_id", "user_id"]).doUpdateSet(change))
        .execute();
  },

  async deactivateUsers(
    { db }: WriteScope,
    appId: number,
    userIds: string[],
    at: Millis,
    eraseAt: Millis,
  ): Promise<string[]> {
    await requireApp(db, appId);
    const deactivated: string[] = [];
    for (const list of rowLists(inOrder(userIds))) {
      const change = { deactivated_at: at, erase_at: eraseAt, erased_up_to: 0 };
      const rows = await db
        .insertInto("user_rules")
        .values(list.map((userId) => ({ app_id: appId, user_id: userId, tokens_from: at, ...change })))
        .onConflict((conflict) =>
          conflict
            .columns(["app_id", "user_id"])
            .doUpdateSet({
              ...change,
              tokens_from: sql<Millis>`case when user_rules.tokens_from > ${at} then user_rules.tokens_from else ${at} end`,
            })
            .where("user_rules.deactivated_at", "is", null),
        )
        .returning("user_id")
        .execute();
      for (const { user_id } of rows) deactivated.push(user_id);
    }
    return deactivated;
  },

  async reactivateUsers(
    { db }: WriteScope,
    appId: number,
    userIds: string[],
    before: Millis,
  ): Promise<string[]> {
    const [early, ready]: [string[], string[]] = [[], []];
    for (const list of idLists(userIds)) {
      const rows = await db
        .selectFrom(rulesById(db, appId, list).as("r"))
        .select(["user_id", "deactivated_at", "erase_at"])
        .where("deactivated_at", "is not", null)
        .execute();
      for (const { user_id, deactivated_at, erase_at } of rows) {
        const isEarly = (deactivated_at ?? 0) > before || erase_at !== null;
        (isEarly ? early : ready).push(user_id);
      }
    }
    if (early.length > 0) return early;
    for (const userId of inOrder(ready))
      await db
        .updateTable("user_rules")
        .set({ deactivated_at: null })
        .where("app_id", "=", appId)
        .where("user_id", "=", userId)
        .where("erase_at", "is", null)
        .execute();
    return [];
  },
};
