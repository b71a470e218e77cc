import { shutOutOf } from "../core/users/standing.ts";
import type { AppGateway } from "./app-gateway.ts";
import type { Connection } from "./connection.ts";

const usersAtOnce = 500;

/**
 * Brings what this node believes of the people online here up to date, after events may have been lost: open sessions,
 * devices that connected elsewhere, memberships, custom data. Throws what the store throws.
 */
export async function recheckAudience(gateway: AppGateway): Promise<void> {
  // What is being read of those who are just coming may be older than what was missed.
  await Promise.allSettled([...gateway.audience.users()].map(({ ready }) => ready));
  const users = [...gateway.audience.users()].filter((user) => user.loading === null);
  for (let from = 0; from < users.length; from += usersAtOnce) {
    const some = users.slice(from, from + usersAtOnce);
    await recheckSessions(
      gateway,
      some.flatMap((user) => user.links),
    );
    await recheckStates(
      gateway,
      some.map((user) => user.userId),
    );
    await recheckDevices(
      gateway,
      some.map((user) => user.userId),
    );
    await recheckUsers(
      gateway,
      some.map((user) => user.userId),
    );
  }
}

/** Who was shut out meanwhile goes. */
async function recheckStates(gateway: AppGateway, userIds: string[]): Promise<void> {
  const states = await gateway.core.store.findUserStates(userIds);
  const byUser = new Map(states.map((state) => [state.userId, state]));
  for (const userId of userIds) {
    const reason = shutOutOf(byUser.get(userId));
    if (reason !== null) gateway.shutOut(userId, reason);
  }
}

async function recheckSessions(gateway: AppGateway, links: readonly Connection[]): Promise<void> {
  const hashes = links.map((link) => link.tokenHash).filter((hash) => hash !== null);
  const open = new Set(await gateway.core.store.findOpenSessions(hashes));
  for (const link of links)
    if (link.tokenHash !== null && !open.has(link.tokenHash)) link.close("sessionClosed");
}

/** Connections that the store does not have as they are here are written again, unless a newer one has the device. */
async function recheckDevices(
  { audience, core, presence, lease }: AppGateway,
  userIds: string[],
): Promise<void> {
  const written = new Set<number>();
  for (const row of await core.store.findPresence(userIds)) {
    if (row.leaseId === lease.id) written.add(row.connectionId);
  }
  for (const userId of userIds) {
    for (const link of audience.find(userId)?.links ?? []) {
      if (link.state === "open" && !written.has(link.id) && !presence.isWaiting(link)) presence.affirm(link);
    }
  }
}

/** Readings of the same people before they are left to their events: somebody may change without end. */
const mostReadings = 5;

async function recheckUsers(
  { audience, memberships: held, order, core }: AppGateway,
  userIds: string[],
): Promise<void> {
  let stale = userIds;
  for (let reading = 0; stale.length > 0 && reading < mostReadings; reading++) {
    // Who changes while they are read is read again: what came from the store may be the older of the two.
    const { result, changed } = await audience.whileWatching(async () => {
      const read = await Promise.all([core.store.listMembershipsOf(stale), core.store.findUsers(stale)]);
      await order.follow([...new Set(read[0].map(({ conversationId }) => conversationId))]);
      return read;
    });
    const [memberships, users] = result;
    const conversationsOf = new Map<string, number[]>(stale.map((userId) => [userId, []]));
    for (const { userId, conversationId } of memberships) conversationsOf.get(userId)?.push(conversationId);
    for (const [userId, conversationIds] of conversationsOf) {
      if (!changed.has(userId)) held.replace(userId, conversationIds);
    }
    for (const { id, customData } of users) if (!changed.has(id)) audience.setUserData(id, customData);
    stale = stale.filter((userId) => changed.has(userId));
  }
}
