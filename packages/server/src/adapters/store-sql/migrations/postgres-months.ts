import { type Kysely, sql } from "kysely";

/** The indexes that the log has when this runs. The last is unique without the time, which no index over months can be. */
const indexes = ["messages_by_time", "messages_hidden", "messages_by_client_id"] as const;

const nextMonth = sql<{ end: number }>`
  select (extract(epoch from date_trunc('month', to_timestamp(greatest(
    extract(epoch from clock_timestamp()),
    (select max(last.sent_at) from apps a cross join lateral
      (select m.sent_at from messages_before m where m.app_id = a.id order by m.sent_at desc limit 1) last) / 1000000.0
  )) at time zone 'UTC') + interval '1 month') * 1000000)::int8 as end`;

/**
 * Makes the log a table that is partitioned by time. What is there already becomes its first partition as it is, up to
 * the end of this month: nothing is copied, PostgreSQL only reads it once to see that the times are right. It goes as a
 * whole like any month. The partitions of months are made by the nodes, as is what knows about client ids.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const divideMessages = async (db: Kysely<any>): Promise<void> => {
  const run = (text: string) => sql.raw(text).execute(db);
  await run("set local statement_timeout = 0");
  await run("alter table messages rename to messages_before");
  await run("alter table messages_before rename constraint messages_key to messages_before_key");
  for (const name of indexes)
    await run(`alter index ${name} rename to ${name.replace("messages", "messages_before")}`);
  await run("create table messages (like messages_before) partition by range (sent_at)");
  await run(
    "alter table messages add constraint messages_key primary key (app_id, conversation_id, sent_at)",
  );
  await run("create index messages_by_time on messages (app_id, sent_at)");
  await run(
    "create index messages_hidden on messages (app_id, conversation_id, sent_at) where is_active = 0",
  );
  const { rows } = await sql`select from messages_before limit 1`.execute(db);
  if (rows.length === 0) {
    await run("drop table messages_before");
    return;
  }
  const end = (await nextMonth.execute(db)).rows[0]?.end;
  await run(
    `alter table messages attach partition messages_before for values from (minvalue) to (${Number(end)})`,
  );
};
