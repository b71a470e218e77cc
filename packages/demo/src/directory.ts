/** What Parlance doesn't keep for an app: what people, groups and chatrooms are called. One SQLite file. */

import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Named {
  id: string;
  name: string;
}

const mostListed = 200;

/** The same name is the same person, however it is written. Letters that fit keys on messages. */
export const userIdOf = (name: string): string => {
  const hash = createHash("sha256").update(name.normalize("NFKC").toLowerCase());
  return `u${hash.digest("base64url").slice(0, 11)}`;
};

export interface Directory {
  /** Keeps the spelling of the first time. */
  person(name: string): Named;
  people(): Named[];
  addGroup(group: Named): void;
  /** Undefined: there is none of this name. */
  groupNamed(name: string): Named | undefined;
  group(id: string): Named | undefined;
  countGroups(): number;
  addChatroom(chatroom: Named): void;
  chatrooms(): Named[];
  close(): void;
}

export function openDirectory(file: string): Directory {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(`
    pragma journal_mode = wal;
    create table if not exists people (id text primary key, name text not null, seen_at integer not null);
    create table if not exists groups (id text primary key, name text not null);
    create table if not exists chatrooms (id text primary key, name text not null);
  `);
  const one = (sql: string, value: string) => database.prepare(sql).get(value) as Named | undefined;
  return {
    person(name) {
      const id = userIdOf(name);
      const sql = `insert into people values (?, ?, ?)
        on conflict (id) do update set seen_at = excluded.seen_at returning id, name`;
      return database.prepare(sql).get(id, name, Date.now()) as unknown as Named;
    },
    people: () =>
      database
        .prepare("select id, name from people order by seen_at desc limit ?")
        .all(mostListed) as unknown as Named[],
    addGroup({ id, name }) {
      database.prepare("insert into groups values (?, ?)").run(id, name);
    },
    groupNamed: (name) => one("select id, name from groups where name = ? order by rowid limit 1", name),
    group: (id) => one("select id, name from groups where id = ?", id),
    countGroups: () => (database.prepare("select count(*) as n from groups").get() as { n: number }).n,
    addChatroom({ id, name }) {
      database.prepare("insert into chatrooms values (?, ?)").run(id, name);
    },
    chatrooms: () =>
      database
        .prepare("select id, name from chatrooms order by rowid limit ?")
        .all(mostListed) as unknown as Named[],
    close: () => database.close(),
  };
}
