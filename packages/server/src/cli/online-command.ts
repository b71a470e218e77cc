/** `parlance app online KEY`: who of an app is connected, on whichever node. */

import { type Command, InvalidArgumentError } from "commander";
import { countOnline, listOnline, mostUsersAsked, pageOnline } from "../core/presence/online-users.ts";
import { CommandFailed } from "./exit-codes.ts";
import { columns, print, printJson } from "./print.ts";
import { withStore } from "./with-store.ts";

const pageSize = (value: string): number => {
  const size = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (size < 1 || size > mostUsersAsked)
    throw new InvalidArgumentError(`It must be a number from 1 to ${mostUsersAsked}.`);
  return size;
};

interface OnlineOptions {
  list?: true;
  after?: string;
  limit: number;
  json?: true;
}

const showOnline = (key: string, { list, after, limit, json }: OnlineOptions) =>
  withStore(async ({ apps, forApp }) => {
    const app = (await apps.list()).find((one) => one.key === key);
    if (!app)
      throw new CommandFailed(`There is no app with the key ${key}; \`parlance app list\` shows all.`);
    const core = { store: forApp(app.id) };
    const count = await countOnline(core);
    if (!list) return json ? printJson({ key, online: count }) : print(`${count} online in ${app.name}`);

    const page = await pageOnline(core, after ?? null, limit);
    const users = await listOnline(core, page);
    const next = page.length === limit ? page.at(-1) : null;
    const rows = users.map(({ userId, since, platforms }) => ({
      user: userId,
      since: since === null ? null : new Date(since / 1000).toISOString(),
      platforms,
    }));
    if (json) return printJson({ key, online: count, users: rows, next });
    print(`${count} online in ${app.name}`);
    if (rows.length > 0)
      print(
        columns([
          ["SINCE", "PLATFORMS", "USER"],
          ...rows.map(({ user, since, platforms }) => [since ?? "left", platforms.join(" ") || "-", user]),
        ]),
      );
    if (next) print(`More: --after ${JSON.stringify(next)}`);
  });

export const addOnlineCommand = (app: Command): void => {
  app
    .command("online")
    .description("count or list the users who are online, on all nodes")
    .argument("<key>")
    .option("--list", "show the users, too, in order of their id")
    .option("--after <user>", "begin the list behind this user")
    .option("--limit <users>", "users of one list", pageSize, 100)
    .option("--json", "print JSON for programs")
    .action(showOnline);
};
