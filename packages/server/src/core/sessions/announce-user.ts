import type { Core } from "../core.ts";
import { Gathered } from "../gathered.ts";

/** Conversations whose people are told of one user's new data: those that were written in last. */
export const mostTalks = 200;

/** What is being told of users now, and whom it concerns. */
interface News {
  underWay: Map<string, Promise<void>>;
  talks: Gathered<string, number[]>;
}

const newsOf = new WeakMap<Core, News>();

/** Others see the new data beside the user's name. Of one user it is told in the order of the calls. */
export async function announceUser(core: Core, userId: string, userData: string): Promise<void> {
  let news = newsOf.get(core);
  if (!news) {
    news = { underWay: new Map(), talks: new Gathered((userIds) => readTalks(core, userIds)) };
    newsOf.set(core, news);
  }
  const { underWay, talks } = news;
  // The user's own devices hear of it, and the next messages show it, even if the store does not answer now.
  const reading = talks.ask(userId).catch(() => []);
  const telling = tell(core, userId, userData, reading, underWay.get(userId));
  underWay.set(userId, telling);
  await telling;
  if (underWay.get(userId) === telling) underWay.delete(userId);
}

async function tell(
  core: Core,
  userId: string,
  userData: string,
  reading: Promise<number[]>,
  before?: Promise<void>,
): Promise<void> {
  await before;
  core.publish({ kind: "userChanged", userId, userData, conversationIds: await reading });
}

async function readTalks(core: Core, userIds: string[]): Promise<(userId: string) => number[]> {
  const found = Map.groupBy(await core.store.listLatestTalks(userIds, mostTalks), ({ userId }) => userId);
  return (userId) => (found.get(userId) ?? []).map(({ conversationId }) => conversationId);
}
