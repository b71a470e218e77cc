import { ParlanceError } from "../../errors.ts";
import type { Core } from "../core.ts";
import { accepts } from "../users/accepts.ts";

/**
 * Whether two users take messages from each other: who doesn't is nobody's friend to be. Throws `blockedByUser` or
 * `notAllowedByUser` with the `userId` of the one who refuses; the other one's lists are asked first.
 */
export async function assertWelcome(core: Core, userId: string, friendId: string): Promise<void> {
  await assertTaken(core, userId, friendId);
  await assertTaken(core, friendId, userId);
}

async function assertTaken(core: Core, fromUserId: string, toUserId: string): Promise<void> {
  if (await accepts(core, fromUserId, toUserId)) return;
  const [state] = await core.store.findUserStates([toUserId]);
  const usesAllowlist = core.settings.usesAllowlists || state?.usesAllowlist === true;
  throw new ParlanceError(usesAllowlist ? "notAllowedByUser" : "blockedByUser", { userId: toUserId });
}
