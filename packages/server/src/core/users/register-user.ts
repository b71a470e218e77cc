import { assertUserId } from "../conversations/direct.ts";
import type { Core } from "../core.ts";
import { createUserToken } from "./user-token.ts";

export interface RegisterUser {
  userId: string;
  name: string;
  /** Undefined leaves what was there. */
  portraitUrl?: string | undefined;
}

/**
 * Makes the user known, or changes their name and portrait, and returns a token to connect with. Each call gives another
 * one, and all are good: until `expireTokens`, the app's `tokenHours`, the user's deactivation or deletion, and another
 * secret of the app.
 */
export async function registerUser(core: Core, { userId, name, portraitUrl }: RegisterUser): Promise<string> {
  assertUserId(userId);
  const now = Date.now();
  const tokensFrom = await core.store.registerUser({ id: userId, name, portraitUrl, at: now });
  core.log.info({ user: userId }, "user registered");
  // Back ends may expire tokens by a clock that is ahead of ours; what is asked for after that is to be good.
  return createUserToken(core.app, { userId, issuedAt: Math.max(now, tokensFrom) });
}
