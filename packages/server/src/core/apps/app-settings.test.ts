import { describe, expect, test } from "bun:test";
import type { App } from "../../ports/store.ts";
import { appSettings, parseAppSetting, settingsOf } from "./app-settings.ts";

const app = (settings: App["settings"]): App => ({
  ...{ id: 1, key: "shop", secret: "secret", name: "Shop", isActive: true },
  ...{ maxOnlineUsers: null, retentionDays: null, createdAt: 0, wordsRevision: 0, settings },
});

test("what was set is there beside the defaults, and what makes no sense is passed over", () => {
  const defaults = settingsOf(app({}));
  expect(Object.keys(defaults)).toEqual(Object.keys(appSettings));
  expect(settingsOf(app({ maxGroupMembers: 5 }))).toEqual({ ...defaults, maxGroupMembers: 5 });
  expect(settingsOf(app({ maxGroupMembers: "5", timeZone: "Berlin", toString: 1 }))).toEqual(defaults);
});

test("every default is a value that may be set", () => {
  for (const setting of Object.values(appSettings)) expect(setting.isValid(setting.fallback)).toBe(true);
});

describe("from the command line", () => {
  test.each([
    ["maxGroupMembers=500", { name: "maxGroupMembers", value: 500 }],
    ["strictSignatures=true", { name: "strictSignatures", value: true }],
    ["timeZone=+00:00", { name: "timeZone", value: "+00:00" }],
    ["timeZone=", { name: "timeZone", value: null }],
  ])("%s", (given, setting) => expect(parseAppSetting(given)).toEqual(setting));

  test.each([
    ["maxGroupMembers", "Write maxGroupMembers=VALUE"],
    ["maxGroupMembers=0", "It must be a whole number from 1 to 1000000."],
    ["maxGroupMembers=1e3", "It must be a whole number"],
    ["strictSignatures=yes", "It must be true or false."],
    ["timeZone=Berlin", "It must be an offset such as +08:00."],
    ["toString=1", "There is no setting toString; there are timeZone"],
    ["=1", "There is no setting ;"],
  ])("%s is refused", (given, sentence) =>
    expect((parseAppSetting(given) as { wrong: string }).wrong).toContain(sentence),
  );
});
