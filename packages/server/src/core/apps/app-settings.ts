/**
 * The table of an app's own settings: what the app's operator may switch, as the console of a hosted service would let
 * them. Reading, checking, the command line (`parlance app set`) and its help derive from it. Features are on by default.
 * A change holds on every node within a second.
 */

import type { App } from "../../ports/store.ts";
import { isRateName, parseRate, wrongRate } from "./app-rates.ts";

export interface AppSetting<Value> {
  sentence: string;
  fallback: Value;
  /** The value, or a sentence that says what is wrong with the text. */
  parse(text: string): Value | { wrong: string };
  /** Whether what is stored is one; the table may have changed since it was. */
  isValid(value: unknown): value is Value;
}

const flag = (fallback: boolean, sentence: string): AppSetting<boolean> => ({
  sentence,
  fallback,
  parse: (text) => (/^(true|false)$/.test(text) ? text === "true" : { wrong: "It must be true or false." }),
  isValid: (value): value is boolean => typeof value === "boolean",
});

const wholeNumber = (
  fallback: number,
  [least, most]: readonly [least: number, most: number],
  sentence: string,
): AppSetting<number> => {
  const isValid = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  return {
    sentence,
    fallback,
    isValid,
    parse(text) {
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return isValid(value) ? value : { wrong: `It must be a whole number from ${least} to ${most}.` };
    },
  };
};

const text = (fallback: string, shape: RegExp, wrong: string, sentence: string): AppSetting<string> => ({
  sentence,
  fallback,
  isValid: (value): value is string => typeof value === "string" && shape.test(value),
  parse: (given) => (shape.test(given) ? given : { wrong }),
});

export const appSettings = {
  timeZone: text(
    "+08:00",
    /^[+-](0\d|1[0-4]):[0-5]\d$/,
    "It must be an offset such as +08:00.",
    "Offset of the times that are written as text, and of hours of the day that users set.",
  ),
  strictSignatures: flag(
    false,
    "Signed requests are refused when their time is more than signatureSeconds off, or their nonce was used within it.",
  ),
  signatureSeconds: wholeNumber(
    300,
    [10, 86_400],
    "How far the time of a signed request may be off, where strictSignatures is on.",
  ),
  allowedAddresses: text(
    "",
    /^$|^[\da-fA-F.:]+(\/\d{1,3})?(,[\da-fA-F.:]+(\/\d{1,3})?)*$/,
    "It must be addresses or networks with commas between them, such as 10.0.0.0/8,192.0.2.1.",
    "Addresses and networks that signed requests may come from; none means any.",
  ),
  tokenHours: wholeNumber(0, [0, 876_000], "Hours after which a token of a user runs out; 0 is never."),
  usesAllowlists: flag(
    false,
    "Nobody takes direct messages from others than those on their allowlist; off, that is each user's own choice.",
  ),
  maxContacts: wholeNumber(3000, [1, 100_000], "Most users on one user's blocklist, and on their allowlist."),
  deactivationMinutes: wholeNumber(
    0,
    [0, 525_600],
    "Minutes after which the data of a user who was deactivated are erased.",
  ),
  reactivationMinutes: wholeNumber(
    60,
    [0, 525_600],
    "Minutes that must have passed since a user was deactivated before they can be reactivated.",
  ),
  userDeletion: flag(true, "Whether a back end may delete users, which is meant for users of tests."),
  broadcastSenders: wholeNumber(
    100,
    [0, 1000],
    "Most names under which the app may speak to all of its users; each is on the list of every user.",
  ),
  messageLog: flag(true, "The messages of each hour can be fetched as a file, for three days."),
  pushLevel: text(
    "0",
    /^(-1|[01245])$/,
    "It must be one of -1, 0, 1, 2, 4 and 5.",
    "Of what users are notified who set nothing: 0 everything, 1 mentions, 2 those by name, 4 those of all, 5 nothing.",
  ),
  hiddenPushText: text(
    "You have received a message.",
    /^.{1,200}$/su,
    "It must have 1 to 200 characters.",
    "What notifications say to users who hide the details of theirs.",
  ),
  sensitiveWords: wholeNumber(10_000, [0, 50_000], "Most sensitive words of the app."),
  filterServerMessages: flag(false, "Sensitive words hold for messages of back ends, too."),
  maxGroupMembers: wholeNumber(3000, [1, 1_000_000], "Most members of a group."),
  historyBeforeJoining: flag(
    false,
    "Who joins a group through RongCloud's API sees what was sent before; through I2A's they always do.",
  ),
  mutedInAllGroups: wholeNumber(100, [1, 10_000], "Most users who may be muted in all groups at once."),
  hosting: flag(true, "Profiles, friends and facts of groups are kept here for the app."),
  profileOwnFields: wholeNumber(20, [0, 1000], "Most fields of the app's own in the profile of a user."),
  groupOwnFields: wholeNumber(10, [0, 1000], "Most fields of the app's own among the facts of a group."),
  maxFriends: wholeNumber(3000, [1, 10_000], "Most friends of a user."),
  friendPermission: wholeNumber(
    2,
    [1, 3],
    "Who may add users who never said so: 1 anybody, 2 those whom they accept, 3 nobody.",
  ),
  followedMembers: wholeNumber(200, [1, 3000], "Most members of one group that a user may follow."),
} as const satisfies Record<
  string,
  AppSetting<never> | AppSetting<boolean> | AppSetting<number> | AppSetting<string>
>;

type Table = typeof appSettings;
type ValueOf<Setting> = Setting extends AppSetting<infer Value> ? Value : never;

export type AppSettings = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

const known = new WeakMap<App, AppSettings>();

/** Defaults filled in; what is stored and no longer valid counts as not set. */
export function settingsOf(app: App): AppSettings {
  let settings = known.get(app);
  if (settings === undefined) {
    const entries = Object.entries(appSettings as Record<string, AppSetting<unknown>>);
    settings = Object.fromEntries(
      entries.map(([name, { fallback, isValid }]) => {
        const value = app.settings[name];
        return [name, isValid(value) ? value : fallback];
      }),
    ) as AppSettings;
    known.set(app, settings);
  }
  return settings;
}

/** From `name=value`, an empty value takes it back; a sentence in `wrong` otherwise. */
export function parseAppSetting(given: string): { name: string; value: unknown } | { wrong: string } {
  const at = given.indexOf("=");
  const [name, value] = at < 0 ? [given, null] : [given.slice(0, at), given.slice(at + 1)];
  if (isRateName(name) && value !== null) {
    if (value === "") return { name, value: null };
    return parseRate(value) === null ? { wrong: `${name}: ${wrongRate}` } : { name, value };
  }
  const setting = Object.hasOwn(appSettings, name)
    ? (appSettings as Record<string, AppSetting<unknown>>)[name]
    : undefined;
  if (setting === undefined)
    return {
      wrong: `There is no setting ${name}; there are ${Object.keys(appSettings).join(", ")}, and rate./PATH.`,
    };
  if (value === null) return { wrong: `Write ${name}=VALUE, or ${name}= for the default.` };
  if (value === "") return { name, value: null };
  const parsed = setting.parse(value);
  const wrong = (parsed as { wrong?: unknown } | null)?.wrong;
  return typeof wrong === "string" ? { wrong: `${name}: ${wrong}` } : { name, value: parsed };
}
