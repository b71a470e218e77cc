import { ParlanceError } from "../../errors.ts";
import type { Core } from "../core.ts";
import { hashSessionToken } from "./session-token.ts";

/** The token is worthless from now on, and the connection that used it is ended. Throws `sessionNotFound`. */
export async function closeSession(core: Core, token: string): Promise<void> {
  const tokenHash = hashSessionToken(token);
  const session = await core.store.closeSession(tokenHash);
  if (!session) throw new ParlanceError("sessionNotFound");
  core.publish({ kind: "sessionClosed", userId: session.userId, tokenHash });
  core.log.info({ user: session.userId, device: session.deviceId }, "session closed");
}
