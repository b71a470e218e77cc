/**
 * Users and logins. A real app asks for more than a name; all that matters to Parlance is that a user has an id
 * which never changes, and that nobody opens a chat session as somebody else.
 */
import { createHash, randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { Refusal } from "./refusal.ts";

export interface User {
  id: string;
  name: string;
  /** Degrees on the colour wheel, for the avatar. */
  hue: number;
}

const sessionMs = 7 * 24 * 3_600_000;
const maxUsers = 10_000;
const maxSessionsPerUser = 20;

const hashToken = (token: string) => createHash("sha256").update(token).digest("hex");
const keyOf = (name: string) => name.toLowerCase();

/** The golden angle spreads any number of users over the wheel without two neighbours looking alike. */
const pickHue = (count: number) => Math.round(215 + count * 137.508) % 360;

const graphemes = new Intl.Segmenter();

/** "Ann Bee" gives "AB", "ann" gives "A". */
export const initialsOf = (name: string): string =>
  name
    .split(" ")
    .slice(0, 2)
    .map((word) => [...graphemes.segment(word)][0]?.segment.toUpperCase() ?? "")
    .join("");

export const openUsers = (database: DatabaseSync) => {
  const byKey = database.prepare("select id, name, hue from users where name_key = ?");
  const countUsers = database.prepare("select count(*) as count from users");
  const insertUser = database.prepare("insert into users (id, name, name_key, hue) values (?, ?, ?, ?)");
  const byToken = database.prepare(
    `select users.id, users.name, users.hue from sessions join users on users.id = sessions.user_id
     where token_hash = ? and expires_at > ?`,
  );
  const insertSession = database.prepare(
    "insert into sessions (token_hash, user_id, expires_at) values (?, ?, ?)",
  );
  const deleteSession = database.prepare("delete from sessions where token_hash = ?");
  const deleteExpired = database.prepare("delete from sessions where expires_at <= ?");
  const deleteOldest = database.prepare(
    `delete from sessions where token_hash in
     (select token_hash from sessions where user_id = ? order by expires_at desc limit -1 offset ?)`,
  );

  const find = (name: string) => byKey.get(keyOf(name)) as User | undefined;

  return {
    find,

    /** The user of that name, created on first use. Upper and lower case are the same name. */
    findOrCreate(name: string): User {
      const known = find(name);
      if (known) return known;
      const { count } = countUsers.get() as { count: number };
      if (count >= maxUsers) throw new Refusal(403, "This demo has all the people it can take.");
      const user = { id: `u-${randomBytes(6).toString("hex")}`, name, hue: pickHue(count) };
      insertUser.run(user.id, user.name, keyOf(name), user.hue);
      return user;
    },

    /** Returns a bearer token; the oldest logins of the same user end when there are too many. */
    signIn(userId: string): string {
      const token = randomBytes(24).toString("base64url");
      deleteExpired.run(Date.now());
      insertSession.run(hashToken(token), userId, Date.now() + sessionMs);
      deleteOldest.run(userId, maxSessionsPerUser);
      return token;
    },

    findByToken: (token: string) => byToken.get(hashToken(token), Date.now()) as User | undefined,

    signOut(token: string): void {
      deleteSession.run(hashToken(token));
    },
  };
};

export type Users = ReturnType<typeof openUsers>;
