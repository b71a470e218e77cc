/** Our own database: users, their logins, rooms and members. The source of truth; Parlance only gets told. */
import { DatabaseSync } from "node:sqlite";

const schema = `
  create table if not exists users (
    id text primary key,
    name text not null,
    name_key text not null unique,
    hue integer not null
  ) strict;

  -- Only a hash of the bearer token is kept: whoever reads this file can't sign in with it.
  create table if not exists sessions (
    token_hash text primary key,
    user_id text not null references users (id),
    expires_at integer not null
  ) strict;
  create index if not exists sessions_by_user on sessions (user_id, expires_at);

  -- chat_room_identifier is what Parlance answered when the room was created.
  create table if not exists rooms (
    id integer primary key autoincrement,
    chat_room_identifier text not null unique,
    name text not null,
    type integer not null,
    owner_id text references users (id)
  ) strict;

  create table if not exists members (
    room_id integer not null references rooms (id) on delete cascade,
    user_id text not null references users (id),
    joined_at integer not null,
    primary key (room_id, user_id)
  ) strict, without rowid;
  create index if not exists members_by_user on members (user_id);
`;

/** Opens the file, creating it and its tables when they are missing. */
export const openDatabase = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec("pragma journal_mode = wal; pragma foreign_keys = on; pragma busy_timeout = 5000;");
  database.exec(schema);
  return database;
};
