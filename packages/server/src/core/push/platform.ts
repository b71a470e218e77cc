import type { PushDevice } from "../../ports/store-push.ts";

export const platforms = ["ios", "android", "harmonyOS"] as const;
export type Platform = (typeof platforms)[number];

/** By what the device says it is, else by whose address it has; null: it can't be told. */
export function platformOf({
  platform,
  provider,
}: Pick<PushDevice, "platform" | "provider">): Platform | null {
  const name = platform.toLowerCase();
  if (/^(ios|iphone|ipad)/.test(name) || (name === "" && provider === "apns")) return "ios";
  if (/^(harmony|ohos)/.test(name)) return "harmonyOS";
  return name.startsWith("android") ? "android" : null;
}
