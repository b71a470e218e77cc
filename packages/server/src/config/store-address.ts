/** Where the data are kept: the word `sqlite`, or the address of a PostgreSQL database, which holds a password. */

import { type Setting, WrongValue } from "./setting.ts";

const maxLength = 2048;

const isPostgres = (text: string): boolean => {
  if (text.length > maxLength || !URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return /^postgres(ql)?:$/.test(protocol) && hostname !== "" && /^\/[^/]+$/.test(pathname);
};

export const storeAddress = (row: Pick<Setting<unknown>, "env" | "sentence">): Setting<string> => ({
  ...row,
  fallback: "sqlite",
  isSecret: true,
  allowed: "sqlite or postgres://user:password@host:port/database",
  parse: (text) => {
    if (text.toLowerCase() === "sqlite") return "sqlite";
    if (!isPostgres(text)) throw new WrongValue();
    return text;
  },
});
