import type { Core } from "../core.ts";
import { onceKnown } from "../once-known.ts";
import { announceUser } from "./announce-user.ts";
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
  const announce = async (hasNewData: boolean) => {
    const { userId, customData } = input;
    if (hasNewData && customData !== undefined) await announceUser(core, userId, customData);
  };
  try {
    await announce(
      await core.store.openSession({ ...input, tokenHash: hashSessionToken(token) }, tokensPerDevice),
    );
  } catch (error) {
    onceKnown(error, (hasNewData: boolean) => void announce(hasNewData));
    throw error;
  }
  if (input.fcmToken !== null) core.pushes.open();
  core.log.info({ user: input.userId, device: input.deviceId }, "session opened");
  return token;
}
