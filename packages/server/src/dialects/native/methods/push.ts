import type { ParamsOf, ResultOf } from "@parlance/protocol";
import { findPreferences } from "../../../core/push/preferences.ts";
import type { MuteLevel } from "../../../ports/store-conversations.ts";
import type { PreferencesChange, PushPreferences, QuietHours } from "../../../ports/store-push.ts";
import { Refusal } from "../refusal.ts";
import { type Call, read, write } from "./method.ts";

type Settings = ResultOf<"push.settings">;

async function register(
  { connection }: Call,
  { provider, token, package: packageName }: ParamsOf<"push.register">,
): Promise<ResultOf<"push.register">> {
  const { core, user, deviceId, platform } = connection;
  await core.store.savePushDevice({
    userId: user.userId,
    ...{ deviceId, provider, token, platform, packageName: packageName ?? null },
  });
  core.pushes.open();
  return {};
}

async function unregister({ connection }: Call): Promise<ResultOf<"push.unregister">> {
  await connection.core.store.removePushDevice(connection.user.userId, connection.deviceId);
  return {};
}

const toSettings = ({ muteLevels, quiet, hidesDetails }: PushPreferences): Settings => {
  const { direct, group, system } = muteLevels;
  const mute: Settings["mute"] = {};
  if (direct !== undefined) mute.direct = direct;
  if (group !== undefined) mute.group = group;
  if (system !== undefined) mute.system = system;
  return { mute, quiet, hidesDetails };
};

async function settings({ connection }: Call): Promise<Settings> {
  return toSettings(await findPreferences(connection.core, connection.user.userId));
}

async function update(
  { connection }: Call,
  { mute, quiet, hidesDetails }: ParamsOf<"push.update">,
): Promise<Settings> {
  const change: PreferencesChange = {};
  if (hidesDetails !== undefined) change.hidesDetails = hidesDetails;
  if (quiet !== undefined) change.quiet = quiet === null ? null : checkQuiet(quiet);
  if (mute !== undefined) {
    change.muteLevels = {};
    for (const kind of ["direct", "group", "system"] as const)
      if (mute[kind] !== undefined) change.muteLevels[kind] = checkLevel(mute[kind]) || null;
  }
  return toSettings(await connection.core.store.savePushPreferences(connection.user.userId, change));
}

function checkLevel(level: number): MuteLevel {
  if (level === 3) throw new Refusal("invalidParams", "$.mute: There is no level 3.");
  return level as MuteLevel;
}

function checkQuiet({ from, minutes, level }: NonNullable<Settings["quiet"]>): QuietHours {
  if (level !== 1 && level !== 5) throw new Refusal("invalidParams", "$.quiet.level: It is 1 or 5.");
  return { from, minutes, level };
}

export const pushMethods = [
  write("push.register", register),
  write("push.unregister", unregister),
  read("push.settings", settings),
  write("push.update", update),
];
