import type { PageOf, RuledUsers } from "../../ports/store-users.ts";
import type { Core } from "../core.ts";

/** Takes from users' clients the right to write in direct conversations, or gives it back; what back ends send is not asked about. */
export async function setDirectMuted(
  core: Core,
  userIds: readonly string[],
  isDirectMuted: boolean,
): Promise<void> {
  await core.store.changeUserRules([...userIds], { isDirectMuted });
  core.publish({ kind: "directRulesChanged", userIds: [...userIds] });
  core.log.info({ users: userIds.length, isDirectMuted }, "direct conversations muted");
}

/** Those who are, in the order in which they became so. */
export const listDirectMuted = (core: Core, page: PageOf): Promise<RuledUsers> =>
  core.store.listRuledUsers("directMuted", 0, page);
