/** What `notification` of the push endpoints says, as the core has it. */

import Type, { type Static } from "typebox";
import { type Platform, platforms } from "../../core/push/platform.ts";
import type { PlatformWords, PushJob } from "../../core/push/push-jobs.ts";
import { RongcloudRefusal } from "./refusal.ts";

const optional = Type.Optional;
const short = Type.String({ maxLength: 50 });
const words = { alert: optional(Type.String()), title: optional(short) };
const vendor = optional(Type.Record(Type.String(), Type.Unknown()));
const extras = optional(
  Type.Record(Type.String(), Type.Unknown(), { description: "Given to the app that is woken." }),
);

export const ios = optional(
  Type.Object({
    ...words,
    contentAvailable: optional(Type.Integer({ minimum: 0, maximum: 1 })),
    badge: optional(Type.Integer({ minimum: 0, maximum: 9999 })),
    "thread-id": optional(Type.String()),
    "apns-collapse-id": optional(Type.String()),
    category: optional(Type.String()),
    richMediaUri: optional(Type.String()),
    "interruption-level": optional(Type.String()),
    extras,
  }),
);
export const android = optional(
  Type.Object({
    ...words,
    ...{ hw: vendor, honor: vendor, mi: vendor, oppo: vendor, vivo: vendor, fcm: vendor },
    extras,
  }),
);
export const harmonyOS = optional(Type.Object({ ...words, ohos: vendor, extras }));

export interface Notification {
  ios?: Static<typeof ios>;
  android?: Static<typeof android>;
  harmonyOS?: Static<typeof harmonyOS>;
}

/** As many as vendors take. */
const mostExtraBytes = 4096;

const apple = ["thread-id", "apns-collapse-id", "category", "richMediaUri", "interruption-level"];
const vendors: Record<string, string> = {
  ...{ hw: "HW", honor: "HONOR", mi: "MI", oppo: "OPPO", vivo: "VIVO", fcm: "FCM", ohos: "OHOS" },
};

type Fields = Record<string, unknown>;

/** Throws 1005 for extras above 4 KiB. */
export function readNotification(given: Notification): Pick<PushJob, "byPlatform" | "options"> {
  const byPlatform: PushJob["byPlatform"] = {};
  const options: NonNullable<PushJob["options"]> = {};
  for (const platform of platforms) {
    const fields = given[platform] as Fields | undefined;
    if (fields === undefined) continue;
    byPlatform[platform] = wordsFor(platform, fields);
    for (const [name, shown] of Object.entries(vendors))
      if (fields[name]) options[shown] = fields[name] as Fields;
    if (platform === "ios") {
      const own = apple.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]);
      if (own.length > 0) options.APNs = Object.fromEntries(own);
    }
  }
  return { byPlatform, options };
}

function wordsFor(
  platform: Platform,
  { alert, title, badge, contentAvailable, extras: extra }: Fields,
): PlatformWords {
  const found: PlatformWords = {};
  if (alert) found.text = alert as string;
  if (title) found.title = title as string;
  if (typeof badge === "number") found.badge = badge;
  if (contentAvailable === 1) found.isContentAvailable = true;
  if (extra !== undefined) {
    found.data = JSON.stringify(extra);
    if (Buffer.byteLength(found.data) > mostExtraBytes)
      throw new RongcloudRefusal(1005, `${platform}.extras is longer than ${mostExtraBytes} bytes.`);
  }
  return found;
}

/** Throws 1002. */
export function readPlatforms(given: readonly string[]): Platform[] {
  return given.map((name) => {
    const known = platforms.find((platform) => platform.toLowerCase() === name.toLowerCase());
    if (!known) throw new RongcloudRefusal(1002, `platform must be of ${platforms.join(", ")}.`);
    return known;
  });
}
