import type { Core } from "../core.ts";
import { createSessionToken, hashSessionToken } from "./session-token.ts";

export interface OpenSession {
  userId: string;
  deviceId: string;
  fcmToken: string | null;
  /** JSON text; undefined leaves what the user had. */
  customData?: string | undefined;
}

/** How many tokens one device may hold; opening another closes the oldest. */
const tokensPerDevice = 10;

/** Returns the token to connect with. It is valid until it is closed, or ten newer ones of the same device exist. */
export async function openSession(core: Core, input: OpenSession): Promise<string> {
  const token = createSessionToken(core.app.key);
  await core.store.openSession({ ...input, tokenHash: hashSessionToken(token) }, tokensPerDevice);
  if (input.customData !== undefined) {
    core.publish({ kind: "userChanged", userId: input.userId, userData: input.customData });
  }
  core.log.info({ user: input.userId, device: input.deviceId }, "session opened");
  return token;
}
