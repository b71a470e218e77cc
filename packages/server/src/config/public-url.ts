/** Where the world reaches this deployment: an origin, or nothing, which means as callers say. */

import { type Setting, WrongValue } from "./setting.ts";

const isOrigin = (text: string): boolean => {
  if (text.length > 2048 || !URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return /^https?:$/.test(protocol) && origin === text.replace(/\/$/, "").toLowerCase();
};

export const publicUrl = (row: Pick<Setting<unknown>, "env" | "sentence">): Setting<string> => ({
  ...row,
  fallback: "",
  isSecret: false,
  allowed: "an address such as https://chat.example.com",
  parse: (text) => {
    if (!isOrigin(text)) throw new WrongValue();
    return new URL(text).origin;
  },
});
