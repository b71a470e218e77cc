/** Profiles of everybody, a busy user's many friends, and facts of every group; members of all kinds in the huge one. */

import { app, busy, huge } from "./grown-tables.ts";

export const growHosting = (people: number, rooms: number): string => `
insert into profiles (app_id, user_id, version, fields, own_fields, created_at)
  select ${app}, 'user ' || n, 1, '{}', '{}', n from generate_series(1, ${people}) n;
insert into friend_lists (app_id, user_id, permission, friend_count)
  select ${app}, 'user ' || n, n % 3 + 1, 1 from generate_series(1, ${people}) n union all select ${app}, '${busy}', null, 2000;
insert into friends (app_id, user_id, friend_id, remark_name, own_fields, created_at)
  select ${app}, 'user ' || n, 'user ' || n + 1, '', '{}', n from generate_series(1, ${people}) n
  union all select ${app}, '${busy}', 'user ' || n, '', '{}', 50000 + n from generate_series(1, 2000) n
  union all select ${app}, 'user ' || n, '${busy}', '', '{}', 50000 + n from generate_series(1, 2000) n;
insert into friend_applications (app_id, user_id, target_id, extra, expires_at)
  select ${app}, 'user ' || n, '${busy}', '', 9000000000000 from generate_series(1, ${people}) n;
insert into hosted_groups (app_id, conversation_id, owner_id, creator_id, fields, own_fields, permissions, created_at)
  select ${app}, n, '${busy}', '${busy}', '{}', '{}', '{}', n from generate_series(1, ${rooms}) n
  union all select ${app}, ${huge}, 'user 1', 'user 1', '{}', '{}', '{}', 90000;
insert into hosted_members (app_id, conversation_id, user_id, is_admin, nickname, extra, remark_name)
  select app_id, conversation_id, user_id, case when user_id in ('user 2', 'user 3') then 1 else 0 end, 'N', '', 'R'
  from members where conversation_id <= ${rooms} or conversation_id = ${huge};
insert into group_follows (app_id, conversation_id, user_id, followed_id, since)
  select ${app}, ${huge}, 'user ' || n % 1000 + 1, 'user ' || n / 100 + 1, n from generate_series(0, 1999) n;
`;
