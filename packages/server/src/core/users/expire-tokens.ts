import type { Millis } from "../../ports/store.ts";
import type { Core } from "../core.ts";

/**
 * Tokens and sessions of these users that were issued before `before` can't be connected with any more. Who is connected
 * stays so. What is issued after this call is good, even if `before` is yet to come.
 */
export async function expireTokens(core: Core, userIds: readonly string[], before: Millis): Promise<void> {
  await core.store.changeUserRules([...userIds], { tokensFrom: before });
  core.log.info({ users: userIds.length, before }, "tokens expired");
}
