/**
 * Who is in a conversation that is everybody's: all users, from the moment when they came to be users. Nothing is stored
 * of that for anybody; the few conversations of this kind have a small table of their own, which is asked first, so that
 * an app without any pays for one look into an empty table.
 */

import { type RawBuilder, sql } from "kysely";
import type { Conversation, Micros } from "../../../ports/store.ts";
import type { Db, MembersTable } from "../schema.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { keptSince } from "./retention.ts";
import { isPostgres } from "./store-clock.ts";

/** Of all, or of these. */
export const broadcastIds = async (db: Db, appId: number, among?: number[]): Promise<number[]> => {
  const found: number[] = [];
  for (const list of among ? idLists(among) : [null]) {
    const rows = await db
      .selectFrom("broadcasts")
      .select("conversation_id as id")
      .where("app_id", "=", appId)
      .$if(list !== null, (query) => query.where("conversation_id", "in", list as number[]))
      .orderBy("conversation_id")
      .execute();
    for (const { id } of rows) found.push(id);
  }
  return found;
};

/** Since when the user is one; null: there is no such user. */
const registeredAt = (appId: number, userId: string) => sql<Micros | null>`(
  select u.created_at * 1000 from users u where u.app_id = ${appId} and u.id = ${userId})`;

/** What is older than this does not exist for the user in what is everybody's; null: nothing does. Computed once. */
export const everybodysSince = (appId: number, userId: string): RawBuilder<Micros> => sql<Micros>`(
  select case when u.created_at * 1000 > ${keptSince(appId)} then u.created_at * 1000 else ${keptSince(appId)} end
  from users u where u.app_id = ${appId} and u.id = ${userId})`;

/** Of an entry of conversation `c`, by the time of what it is about: the user was one by then, if it is everybody's. */
export const isSinceRegistered = (appId: number, userId: string, time: RawBuilder<Micros>) =>
  sql<boolean>`(c.admission <> 'everyone' or ${time} >= ${registeredAt(appId, userId)})`;

/** What the user's rows in `members` would be in these conversations, all of which are everybody's. */
export const impliedMembers = (
  db: Db,
  appId: number,
  userId: string,
  ids: number[],
): RawBuilder<MembersTable> => {
  const columns = sql`users.app_id, users.id as user_id, 0 as joined_seq, wanted.id as conversation_id,
    case when wanted.id > users.created_at * 1000 then wanted.id else users.created_at * 1000 end as changed_at`;
  if (isPostgres(db))
    return sql`(select found.* from unnest(${[...new Set(ids)]}::bigint[]) as wanted (id) cross join lateral
      (select ${columns} from users where app_id = ${appId} and id = ${userId} limit 1) as found)`;
  return sql`(select ${columns} from (select conversation_id as id from broadcasts
      where app_id = ${appId} and conversation_id in (${sql.join(ids)})) as wanted
    inner join users on users.app_id = ${appId} and users.id = ${userId})`;
};

/** Of conversation `c` that is everybody's: something is or was in it that is not older than the user. */
export const hasBegun = (appId: number, userId: string) =>
  sql<boolean>`(c.last_seq > 0 and c.last_sent_at >= ${registeredAt(appId, userId)})`;

/** Whether it is everybody's, and this is somebody. */
export const isEverybodys = (db: Db, appId: number, conversationId: number, userId: string) =>
  db
    .selectFrom("broadcasts as b")
    .innerJoin("users as u", "u.app_id", "b.app_id")
    .select("u.id as user_id")
    .where("b.app_id", "=", appId)
    .where("b.conversation_id", "=", conversationId)
    .where("u.app_id", "=", appId)
    .where("u.id", "=", userId);

export const broadcastReads = {
  async listBroadcasts(db: Db, appId: number): Promise<Conversation[]> {
    const ids = await broadcastIds(db, appId);
    const found: Conversation[] = [];
    for (const list of idLists(ids)) {
      const rows = await liveConversations(db, appId, list)
        .select(["c.id", "c.kind", "c.key", "c.admission", "c.created_at as createdAt"])
        .orderBy("c.id")
        .execute();
      found.push(...rows);
    }
    return found;
  },
};
