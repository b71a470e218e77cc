/** Notifications of the app's own, to many: written down first, and sent a page at a time, whoever does it. */

import { randomInt } from "node:crypto";
import type { Push, PushProvider } from "../../ports/push.ts";
import type { DuePushJob, PushDevice, PushTarget } from "../../ports/store-push.ts";
import { assertUserId } from "../conversations/direct.ts";
import type { Core } from "../core.ts";
import { assertMessageSize } from "../messages/send-message.ts";
import { sendToInbox } from "../messages/send-to-inbox.ts";
import { type Audience, readAudience } from "./audience.ts";
import { addressOf, textOf, titleOf } from "./compose.ts";
import { handOver } from "./hand-over.ts";
import { type Platform, platformOf } from "./platform.ts";
import { withoutShutOut } from "./shut-out.ts";

/** What devices of one platform are told differently. */
export interface PlatformWords {
  title?: string;
  text?: string;
  data?: string;
  badge?: number;
  isContentAvailable?: boolean;
}

export interface PushJob {
  audience: Audience;
  /** Absent: devices of every kind. A device that doesn't say what it is belongs to each. */
  platforms?: Platform[];
  /** Only the devices of this app package. */
  packageName?: string;
  title?: string;
  text: string;
  forcesDetails?: boolean;
  byPlatform?: Partial<Record<Platform, PlatformWords>>;
  /** What single vendors understand. */
  options?: Record<string, Record<string, unknown>>;
  /** A system message that everybody meant gets besides; its notification follows what each receiver set. */
  message?: { senderId: string; type: string; content: string; isNeverLast?: true };
}

const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const newId = (): string =>
  Array.from({ length: 4 }, () =>
    Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join(""),
  ).join("-");

/**
 * Resolves with its id when it is written down; it is begun at once, and whoever is left with it goes on. Throws
 * `invalidInput`.
 */
export async function pushToAudience(core: Core, job: PushJob): Promise<string> {
  for (const userId of job.audience.userIds ?? []) assertUserId(userId);
  if (job.message) {
    assertUserId(job.message.senderId);
    assertMessageSize(core, job.message.content);
  }
  const id = newId();
  await core.store.addPushJob({ id, body: JSON.stringify(job) }, 0);
  core.pushes.wakeForJobs();
  core.log.info({ push: id, users: job.audience.userIds?.length ?? null }, "push asked for");
  return id;
}

export async function runPushJob(
  core: Core,
  provider: PushProvider,
  { id, body, afterUserId, createdAt }: DuePushJob,
  { hold, tooLate, isStopped }: { hold: number; tooLate: number; isStopped(): boolean },
): Promise<void> {
  const job = JSON.parse(body) as PushJob;
  let after = afterUserId;
  while (!isStopped()) {
    if (Date.now() - createdAt > tooLate) {
      core.log.info({ push: id }, "nobody more could be notified in time");
      break;
    }
    const { userIds, next } = await readAudience(core, job.audience, after, !job.message);
    const failed = await tell(core, provider, id, job, userIds);
    // The page is tried again when it is due again.
    if (failed > 0) return;
    if (next === null) break;
    after = next;
    await core.store.advancePushJob(id, after, hold);
  }
  if (!isStopped()) await core.store.finishPushJob(id);
}

/** Resolves to how many notifications failed. */
async function tell(
  core: Core,
  provider: PushProvider,
  id: string,
  job: PushJob,
  userIds: string[],
): Promise<number> {
  if (userIds.length === 0) return 0;
  const about = { conversationId: null, senderId: null, evenOnline: true };
  const { message, packageName } = job;
  const needsDevices = !message || packageName !== undefined;
  const targets = needsDevices
    ? await withoutShutOut(core, await core.store.findPushTargets(userIds, about))
    : [];
  const meant = targets.map((target) => ({
    target,
    devices: target.devices.filter((one) => isMeant(job, one)),
  }));
  if (message) {
    const hasPackage = new Set(
      meant.filter(({ devices }) => devices.length > 0).map(({ target }) => target.userId),
    );
    const receivers =
      packageName === undefined ? userIds : userIds.filter((userId) => hasPackage.has(userId));
    const { title, text, forcesDetails = false, options = {} } = job;
    const push = { text, forcesDetails, providers: options, ...(title !== undefined && { title }) };
    const { senderId, type, content } = message;
    // The id keeps who gets it twice from having it twice.
    for (const userId of receivers)
      await sendToInbox(core, { userId, senderId, type, content, clientId: `push ${id}`, push });
    return 0;
  }
  const pushes = meant.flatMap(({ target, devices }) =>
    devices.map((one) => compose(core, id, job, target, one)),
  );
  return (await handOver(core, provider, pushes)).failed.length;
}

const isMeant = ({ platforms, packageName }: PushJob, device: PushDevice): boolean => {
  const platform = platformOf(device);
  if (platforms && platform !== null && !platforms.includes(platform)) return false;
  return packageName === undefined || device.packageName === packageName;
};

function compose(
  core: Core,
  id: string,
  job: PushJob,
  { preferences }: PushTarget,
  device: PushDevice,
): Push {
  const platform = platformOf(device);
  const own = (platform && job.byPlatform?.[platform]) ?? {};
  const isHidden = preferences.hidesDetails && !job.forcesDetails;
  const title = own.title ?? job.title ?? core.app.name;
  return {
    ...addressOf(core, device),
    id,
    title: titleOf(isHidden ? core.app.name : title),
    text: isHidden ? core.settings.hiddenPushText : textOf(own.text ?? job.text),
    data: own.data ?? null,
    badge: own.badge ?? null,
    isContentAvailable: own.isContentAvailable ?? false,
    templateId: null,
    options: job.options ?? {},
    about: null,
  };
}
