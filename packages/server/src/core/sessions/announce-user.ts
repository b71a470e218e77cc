import type { Core } from "../core.ts";

/** Conversations whose people are told of one user's new data: those that were written in last. */
export const mostTalks = 200;

/** What is being told of users now. */
const underWay = new WeakMap<Core, Map<string, Promise<void>>>();

/** Others see the new data beside the user's name. Of one user it is told in the order of the calls. */
export async function announceUser(core: Core, userId: string, userData: string): Promise<void> {
  const ofCore = underWay.get(core) ?? new Map<string, Promise<void>>();
  underWay.set(core, ofCore);
  const telling = tell(core, userId, userData, ofCore.get(userId));
  ofCore.set(userId, telling);
  await telling;
  if (ofCore.get(userId) === telling) ofCore.delete(userId);
}

async function tell(core: Core, userId: string, userData: string, before?: Promise<void>): Promise<void> {
  // The user's own devices hear of it, and the next messages show it, even if the store does not answer now.
  const reading = core.store.listLatestTalks(userId, mostTalks).catch(() => []);
  await before;
  core.publish({ kind: "userChanged", userId, userData, conversationIds: await reading });
}
