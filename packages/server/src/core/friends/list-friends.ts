import type { Micros } from "../../ports/store.ts";
import type { Friend } from "../../ports/store-friends.ts";
import { decodeToken, encodeToken } from "../conversations/page-token.ts";
import type { Core } from "../core.ts";

export interface FriendPage {
  friends: (Friend & { name: string })[];
  total: number;
  /** For the next page; null: there is none. */
  next: string | null;
}

/**
 * By the time of adding, with the names of their profiles; empty where there is none. `after` is `next` of the page
 * before; throws `invalidInput` for one that is none.
 */
export async function listFriends(
  core: Core,
  userId: string,
  { after, isNewestFirst, limit }: { after: string | null; isNewestFirst: boolean; limit: number },
): Promise<FriendPage> {
  const place = after === null ? null : (decodeToken("f", after, 1)[0] as Micros);
  const [total, found] = await Promise.all([
    core.store.countFriends(userId),
    core.store.listFriends(userId, { after: place, isNewestFirst, limit: limit + 1 }),
  ]);
  const friends = found.slice(0, limit);
  const last = friends.at(-1);
  const names = await namesOf(
    core,
    friends.map((friend) => friend.userId),
  );
  return {
    friends: friends.map((friend) => ({ ...friend, name: names.get(friend.userId) ?? "" })),
    total,
    next: last && found.length > limit ? encodeToken("f", [last.createdAt]) : null,
  };
}

async function namesOf(core: Core, userIds: string[]): Promise<Map<string, string>> {
  const profiles = await core.store.findProfiles(userIds);
  return new Map(profiles.map(({ userId, fields }) => [userId, String(fields.name ?? "")]));
}

const friendsAtOnce = 1000;

/** All of them: as many as the app's `maxFriends` at most. */
export async function listFriendIds(core: Core, userId: string): Promise<string[]> {
  const userIds: string[] = [];
  for (let after: Micros | null = null; ; ) {
    const page: Friend[] = await core.store.listFriends(userId, {
      after,
      isNewestFirst: false,
      limit: friendsAtOnce,
    });
    userIds.push(...page.map((friend) => friend.userId));
    if (page.length < friendsAtOnce) return userIds;
    after = page.at(-1)?.createdAt ?? null;
  }
}
