/** Tables that have grown: many small rooms, one huge one, and a user who is in thousands of conversations. */

import { monthStart } from "../postgres/months.ts";
import { growHosting } from "./grown-hosting.ts";

/** The app that has everything, and one whose old messages are past their retention. */
export const [app, oldApp] = [1, 2];
const APPS = 500;
const ROOMS = 3000;
const MESSAGES = 60_000;
export const PER_ROOM = MESSAGES / ROOMS;
const PEOPLE = 10_000;

/** Its newest messages are old ones among the app's. */
export const room = 7;
export const user = "user 7";
export const others = [11, 13, 17];

export const huge = 6000;
export const HUGE_LOG = 20_000;
const HUGE_MEMBERS = 2000;
/** Each tenth entry is a change. */
const HUGE_COUNTED = (HUGE_LOG / 10) * 9;
/** In the huge room as well: who has read nearly all of it, and who has read next to nothing. */
export const [reader, sleeper] = ["user 8", "user 9"];

export const busy = "busy";
export const BUSY_ROOMS = 3000;
const BUSY_DIRECTS = 500;
export const direct = 7001;
/** A chatroom that everybody is in. */
export const hall = 8000;
/** Everybody's; half of what it says is older than anybody. */
export const news = 8500;
const NEWS_LOG = 2000;
export const deleted = 9000;

/** All messages but the old ones are of the first moments of this month. */
const start = monthStart(Date.now() * 1000);
export const old = monthStart(Date.now() * 1000, -3);
export const sentAt = start + room * PER_ROOM + 3;
/** When entry `seq` of the huge log was sent. */
export const hugeAt = (seq: number) => start + 1_000_000 + seq;
const newsAt = (seq: number) => start + 2_000_000 + seq * 1000;
export const [lease, otherLease, endedLease] = [1, 2, 3];

const everyRoom = `generate_series(1, ${ROOMS}) n`;
const everybody = `generate_series(1, ${PEOPLE}) n`;
const conversation = "app_id, id, kind, key, admission, created_at";
const entry =
  "app_id, conversation_id, sent_at, seq, counted, is_counted, sender_id, type, content, client_id";

/** A little of everything: what statistics say that were taken before the tables grew. */
export const begin = `
insert into apps (key, secret, name, is_active, created_at, retention_days)
  select 'k' || n, 's' || n, 'n', 1, 0, case when n = ${app} then 400 when n < 100 then 10 end
  from generate_series(1, ${APPS}) n;
insert into nodes (lease_id, node_id, address, version, started_at, lease_until)
  select n, 'node ' || n, '', '', 0, case when n = ${endedLease} then 1 else 9000000000000 end from generate_series(1, 3) n;`;

export const grow = `
insert into users (app_id, id, created_at) select ${app}, 'user ' || n, ${Math.floor(newsAt(NEWS_LOG / 2) / 1000)} from ${everybody};
insert into sessions (app_id, token_hash, user_id, device_id, created_at)
  select ${app}, 'token ' || n, 'user ' || n, 'd', n from ${everybody};
insert into users (app_id, id) values (${app}, 'no session');
insert into user_rules (app_id, user_id, blocked_until, direct_muted_at, deactivated_at, erase_at)
  select ${app}, 'user ' || n, n, case when n % 2 = 0 then n end, case when n % 10 = 0 then n end,
    case when n % 100 = 0 then 9000000000000 + n end from ${everybody};
insert into contacts (app_id, user_id, list, contact_id, added_at)
  select ${app}, '${busy}', 'block', 'user ' || n, n from generate_series(1, 3000) n
  union all select ${app}, 'user ' || n, 'block', 'user ' || n + 1, n from ${everybody};
insert into presence (app_id, user_id, device_id, lease_id, connection_id, platform, since)
  select ${app}, 'user ' || n, 'd', case when n % 10 = 0 then ${endedLease} else n % 2 + 1 end, n, 'web', n from ${everybody};
insert into conversations (${conversation}, last_seq, last_sent_at, last_counted, changed_at, member_count)
  select ${app}, n, 'group', 'room ' || n, 'members', 0,
    ${PER_ROOM}, ${start} + (n + 1) * ${PER_ROOM} - 1, ${PER_ROOM}, n, 4
  from ${everyRoom};
insert into conversations (${conversation}, last_seq, last_sent_at, last_counted, member_count) values
  (${app}, ${huge}, 'group', 'huge', 'members', 0, ${HUGE_LOG}, ${hugeAt(HUGE_LOG)}, ${HUGE_COUNTED}, ${HUGE_MEMBERS});
insert into conversations (${conversation}, last_seq, last_sent_at, last_counted, member_count)
  select ${app}, ${direct} + n, 'direct', 'busy/' || n, 'members', 0, 0, 0, 0, 2 from generate_series(0, ${BUSY_DIRECTS - 1}) n;
insert into conversations (${conversation}, last_seq, last_sent_at, last_counted) values
  (${app}, ${hall}, 'chatroom', 'hall', 'open', 0, 0, 0, 0),
  (${app}, ${news}, 'system', 'news', 'everyone', 0, ${NEWS_LOG}, ${newsAt(NEWS_LOG)}, ${NEWS_LOG});
insert into broadcasts (app_id, conversation_id) values (${app}, ${news});
insert into conversations (${conversation}, last_seq, last_sent_at, last_counted, deleted_at)
  select ${app}, ${deleted} + n, 'group', 'gone ' || n, 'members', 0, ${HUGE_LOG}, ${start}, 0, 1 from generate_series(0, 99) n;
insert into members (app_id, conversation_id, user_id, changed_at)
  select ${app}, n % ${ROOMS} + 1, 'user ' || n, n from ${everybody}
  union all select ${app}, ${huge}, 'user ' || n, n from generate_series(1, ${HUGE_MEMBERS}) n
  union all select ${app}, ${huge}, '${busy}', 1
  union all select ${app}, n, '${busy}', n from generate_series(1, ${BUSY_ROOMS}) n
  union all select ${app}, ${direct} + n, '${busy}', n from generate_series(0, ${BUSY_DIRECTS - 1}) n
  union all select ${app}, ${direct} + n, 'user ' || n + 1, n from generate_series(0, ${BUSY_DIRECTS - 1}) n;
insert into read_marks (app_id, conversation_id, user_id, sent_at, seq, counted, changed_at)
  select app_id, conversation_id, user_id,
    case when conversation_id > ${ROOMS} then 0 else ${start} + conversation_id * ${PER_ROOM} end, 1, 1, changed_at
  from members where conversation_id <> ${huge}
  union all
  select ${app}, ${huge}, 'user ' || n, ${hugeAt(0)} + seq, seq, seq / 10 * 9, n
  from (select n, case when n = 9 then 1 else ${HUGE_LOG} - 10 - n % 1000 end as seq from generate_series(1, ${HUGE_MEMBERS}) n) mark;
insert into conversation_settings
  (app_id, conversation_id, user_id, is_pinned, cleared_up_to, cleared_counted, removed_seq, deleted_at, changed_at)
  select app_id, conversation_id, user_id, (conversation_id % 100 = 0)::int, 0, 0,
    case when conversation_id % 7 = 0 then 1 else -1 end, 0, changed_at
  from members where conversation_id % 2 = 0;
insert into tags (app_id, user_id, id, name, created_at)
  select ${app}, 'user ' || n, 'tag', 'tag', n from ${everybody}
  union all select ${app}, '${busy}', 'tag ' || n, 'tag', n from generate_series(1, 20) n;
insert into conversation_tags (app_id, conversation_id, user_id, tag_id)
  select app_id, conversation_id, user_id, 'tag' from members where user_id <> '${busy}'
  union all select app_id, conversation_id, user_id, 'tag ' || conversation_id % 20 + 1 from members where user_id = '${busy}';
insert into push_devices (app_id, user_id, device_id, provider, token, platform, changed_at)
  select ${app}, 'user ' || n, 'd', 'fcm', 't' || n, '', n from ${everybody};
insert into push_preferences (app_id, user_id, mute_levels, hides_details) select ${app}, 'user ' || n, '{}', 0 from ${everybody};
insert into push_remarks (app_id, user_id, target_id, remark, changed_at)
  select ${app}, 'user ' || n, 'user ' || n + 1, 'r', n from ${everybody};
insert into group_remarks (app_id, group_key, user_id, remark) select ${app}, 'room ' || n, 'user 1', 'r' from ${everybody};
insert into user_tags (app_id, user_id, tag, place) select ${app}, 'user ' || n, 'tag ' || n % 5, 0 from ${everybody};
insert into push_outbox (app_id, conversation_id, sent_at, attempts, due_at)
  select ${app}, ${huge}, ${hugeAt(0)} + n, 0, n from generate_series(1, ${HUGE_LOG}) n;
insert into push_jobs (app_id, id, body, attempts, due_at, created_at) select ${app}, 'j' || n, '{}', 0, n, 0 from ${everybody};
insert into groups (app_id, group_id, name) select ${app}, 'room ' || n, 'Room' from ${everyRoom};
insert into muted_groups (app_id, group_id, muted_at) select ${app}, 'room ' || n, 1 from ${everyRoom};
insert into group_mutes (app_id, group_id, user_id, muted_at, muted_until)
  select ${app}, case when n <= 100 then '' else 'room ' || n % ${ROOMS} end, 'user ' || n, 1, case when n % 2 = 0 then 500 end
  from ${everybody};
insert into mute_exemptions (app_id, group_id, user_id, exempted_at)
  select ${app}, 'room ' || n % ${ROOMS}, 'user ' || n, 1 from ${everybody};
insert into past_members (app_id, user_id, conversation_id, kind, key, changed_at)
  select ${app}, 'user ' || n, ${deleted} + n % 100, 'group', 'gone ' || n % 100, n from ${everybody}
  union all select ${app}, '${busy}', ${deleted} + n, 'group', 'gone ' || n, n from generate_series(1, 500) n;
insert into chatroom_members (app_id, conversation_id, user_id, joined_at, doubted_at)
  select ${app}, ${hall}, 'user ' || n, n, case when n % 2000 = 0 then 1 end from ${everybody};
insert into chatroom_keys (app_id, conversation_id, key, user_id, is_auto_delete, changed_at)
  select ${app}, case when n < 100 then ${hall} else n / 20 end, 'k' || n, 'user 1', 1, n from ${everybody};
insert into chatrooms (app_id, conversation_id, member_count, revision, keys_since)
  select ${app}, n, 1, 1, 0 from ${everyRoom} union all select ${app}, ${hall}, ${PEOPLE}, 1, 0;
insert into reports
  (app_id, id, conversation_id, conversation_key, sent_at, message_type, content, reporter_id, created_at)
  select ${app}, n, ${room}, '', 0, 'text', '{}', 'user 1', 0 from ${everybody};
insert into sensitive_words (app_id, key, word)
  select ${app}, 'word ' || n, 'w' from ${everybody} union all select n, 'word', 'w' from generate_series(2, ${APPS}) n;
insert into rate_windows (app_id, name, seconds, window_number, used)
  select ${app}, 'limit ' || n, 60, n, 1 from generate_series(1, 1000) n;
insert into messages (${entry}, is_active)
  select ${app}, n / ${PER_ROOM}, ${start} + n, n % ${PER_ROOM} + 1, n % ${PER_ROOM} + 1, 1, 'user 1', 'text', '{}', 'c' || n, (n % 50 > 0)::int
  from generate_series(${PER_ROOM}, ${MESSAGES}) n;
insert into messages (${entry}, is_active, change_of, change_seq)
  select ${app}, ${huge}, ${hugeAt(0)} + n, n, n / 10 * 9 + least(n % 10, 9), (n % 10 > 0)::int, 'user ' || n % 100,
    case when n % 10 = 0 then 'change' else 'text' end, case when n % 10 = 0 then '{"kind":"modify","seq":1}' else '{}' end,
    'h' || n, (n % 10 > 0 and n % 51 > 0)::int, case when n % 10 = 0 then ${hugeAt(0)} + n - 5 end,
    case when n % 10 = 5 then n + 5 end
  from generate_series(1, ${HUGE_LOG}) n;
insert into messages (${entry}, is_active)
  select ${app}, ${news}, ${newsAt(0)} + n * 1000, n, n, 1, 'office', 'text', '{}', null, 1 from generate_series(1, ${NEWS_LOG}) n
  union all
  select ${app}, ${hall}, ${start} + n, n, n, 1, 'user 1', 'text', '{}', null, 1 from generate_series(1, 5000) n;
insert into mentions (app_id, conversation_id, user_id, sent_at, seq)
  select ${app}, ${huge}, case when n % 4 < 2 then '' when n % 4 = 2 then '${sleeper}' else 'user ' || n % 1000 end, ${hugeAt(0)} + n, n
  from generate_series(1, ${HUGE_LOG}) n where n % 10 in (1, 2, 3, 4);
insert into recipients (app_id, conversation_id, user_id, sent_at, seq)
  select ${app}, ${huge}, 'user ' || n % 1000, ${hugeAt(0)} + n, n from generate_series(1, ${HUGE_LOG}) n;
insert into own_deletions (app_id, conversation_id, user_id, sent_at)
  select ${app}, ${huge}, 'user ' || n % 100, ${hugeAt(0)} + n from generate_series(1, ${HUGE_LOG}) n where n % 10 = 3;
insert into messages (${entry}, is_active)
  select case when n % 20 = 0 then ${oldApp} else 100 + n % 2 end, 1, ${old} + n, n, n, 1, 'user 1', 'text', '{}', null, 1
  from generate_series(1, ${PEOPLE}) n;
insert into messages (${entry}, is_active)
  select ${app}, ${deleted}, ${start} + n, n, n, 1, 'user 1', 'text', '{}', null, 1 from generate_series(1, ${HUGE_LOG}) n;
${growHosting(PEOPLE, ROOMS)}`;
