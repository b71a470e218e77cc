import { limits } from "../limits.ts";
import { noControls } from "../parts/ids.ts";
import { boolean, described, integer, nullable, object, oneOf, optional, string } from "../schema/schema.ts";
import { method } from "./method.ts";

/** 3 isn't one, and is refused. */
const level = described(
  "As `mute` of a conversation, and -1: everything, quiet hours or not.",
  integer({ minimum: -1, maximum: limits.muteLevel }),
);
const quiet = object({
  from: described("Second of the day in the app's time zone.", integer({ minimum: 0, maximum: 86_399 })),
  minutes: integer({ minimum: 1, maximum: 1439 }),
  level: described("What gets through: 1 mentions, 5 nothing.", integer({ minimum: 1, maximum: 5 })),
});
const settings = {
  mute: described(
    "For conversations of a kind where nothing else is set; 0 is not set.",
    object({ direct: optional(level), group: optional(level), system: optional(level) }),
  ),
  quiet: described("Hours of every day that are quiet; null: none.", nullable(quiet)),
  hidesDetails: described("Notifications say that something came, and not what.", boolean()),
};

/** How this user, who may be offline then, is notified of messages. */
export const pushMethods = {
  "push.register": method({
    sentence: "Has the user notified on this device while offline.",
    notes: [
      "Call it after each start: a token is for one device alone, and the last one given is used. A user is notified on the 10 devices that registered last.",
    ],
    params: object({
      provider: described("Whose token it is.", oneOf(["fcm", "apns", "web", "other"])),
      token: string({ minLength: 1, maxLength: limits.pushTokenCharacters, pattern: noControls }),
      package: optional(
        described("The app's package name, by which back ends may choose.", string({ maxLength: 255 })),
      ),
    }),
    result: object({}),
    errors: [],
    example: { params: { provider: "fcm", token: "dGhpcyBpcyBhIHRva2Vu" }, result: {} },
  }),
  "push.unregister": method({
    sentence: "Ends the notifications on this device, as before signing out.",
    params: object({}),
    result: object({}),
    errors: [],
    example: { params: {}, result: {} },
  }),
  "push.settings": method({
    sentence: "Returns what the user set of notifications in general.",
    params: object({}),
    result: object(settings),
    errors: [],
    example: { params: {}, result: { mute: { group: 1 }, quiet: null, hidesDetails: false } },
  }),
  "push.update": method({
    sentence: "Sets some of it; what isn't named stays.",
    params: object({
      mute: optional(settings.mute),
      quiet: optional(settings.quiet),
      hidesDetails: optional(settings.hidesDetails),
    }),
    result: object(settings),
    errors: [],
    example: {
      params: { quiet: { from: 82_800, minutes: 480, level: 1 } },
      result: { mute: {}, quiet: { from: 82_800, minutes: 480, level: 1 }, hidesDetails: false },
    },
  }),
};
