import { randomUUID } from "node:crypto";
import { ParlanceError } from "../../errors.ts";
import type { Millis } from "../../ports/store.ts";
import type { AppRegistry } from "../apps/app-registry.ts";
import type { Core } from "../core.ts";
import { isUserToken, readUserToken, withoutHosts } from "../users/user-token.ts";
import { appKeyOfToken, hashSessionToken } from "./session-token.ts";

/** Who connects, and from where. Whether they may is asked once they would be told of a change (`standing.ts`). */
export interface Login {
  core: Core;
  userId: string;
  deviceId: string;
  tokenHash: string | null;
  issuedAt: Millis;
}

const hour = 3_600_000;
const longestDeviceId = 64;

/**
 * A session is bound to its device. A token of a user is not: the client says which device it is, up to 64 characters, and
 * one that says nothing is a device of its own for as long as it is connected. So any number of devices may use one token.
 * Throws `sessionNotFound`, `tokenExpired`, `appInactive`.
 */
export async function findLogin(apps: AppRegistry, given: string, device?: string | null): Promise<Login> {
  const token = withoutHosts(given);
  const appKey = appKeyOfToken(token);
  const core = appKey === null ? undefined : apps.byKey(appKey);
  if (!core) throw new ParlanceError("sessionNotFound");
  if (!core.app.isActive) throw new ParlanceError("appInactive");
  return isUserToken(token) ? ofToken(core, token, device) : ofSession(core, token);
}

function ofToken(core: Core, token: string, device: string | null | undefined): Login {
  const found = readUserToken(core.app, token);
  if (found === null) throw new ParlanceError("sessionNotFound");
  const { tokenHours } = core.settings;
  if (tokenHours > 0 && found.issuedAt + tokenHours * hour <= Date.now())
    throw new ParlanceError("tokenExpired");
  return { core, ...found, tokenHash: null, deviceId: isDeviceId(device) ? device : randomUUID() };
}

async function ofSession(core: Core, token: string): Promise<Login> {
  const tokenHash = hashSessionToken(token);
  const session = await core.store.findSession(tokenHash);
  if (session === null) throw new ParlanceError("sessionNotFound");
  return { core, userId: session.userId, deviceId: session.deviceId, tokenHash, issuedAt: session.createdAt };
}

/** Nobody is kept out for what they call their device. */
const isDeviceId = (device: string | null | undefined): device is string =>
  device != null &&
  device.length > 0 &&
  device.length <= longestDeviceId &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what may not be in it.
  !/[\u0000-\u001f\u007f]/.test(device) &&
  device.isWellFormed();
