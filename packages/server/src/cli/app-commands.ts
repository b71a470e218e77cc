/** `parlance app …`: the tenants. A running server notices every change within a second. */

import { type Command, InvalidArgumentError } from "commander";
import { wrongAppPart } from "../config/app-declaration.ts";
import { appSettings, parseAppSetting } from "../core/apps/app-settings.ts";
import { ParlanceError } from "../errors.ts";
import { type AppChange, LONGEST_RETENTION_DAYS } from "../ports/store.ts";
import { describeApp, printApp, printApps } from "./app-view.ts";
import { askYesNo } from "./ask.ts";
import { CommandFailed, UsageError } from "./exit-codes.ts";
import { newAppKey, newAppSecret } from "./new-credentials.ts";
import { addOnlineCommand } from "./online-command.ts";
import { columns, print, printJson } from "./print.ts";
import { wrongRateSetting } from "./rate-setting.ts";
import { withStore } from "./with-store.ts";

const checked = (part: "name" | "key" | "secret") => (value: string) => {
  const wrong = wrongAppPart(part, value);
  if (wrong) throw new InvalidArgumentError(`It ${wrong}.`);
  return value;
};

/** Commander takes null for a missing value, so "none" stays a word until it is used. */
type OnlineLimit = number | "none";

const onlineLimit = (value: string): OnlineLimit => {
  if (value.toLowerCase() === "none") return "none";
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError("It must be a number of users, or none.");
  return Number(value);
};

const toMost = (limit: OnlineLimit): number | null => (limit === "none" ? null : limit);

type Retention = number | "forever";

const retention = (value: string): Retention => {
  if (value.toLowerCase() === "forever") return "forever";
  const days = /^[1-9]\d{0,4}$/.test(value) ? Number(value) : 0;
  if (days < 1 || days > LONGEST_RETENTION_DAYS)
    throw new InvalidArgumentError(
      `It must be a number of days from 1 to ${LONGEST_RETENTION_DAYS}, or forever.`,
    );
  return days;
};

const toDays = (given: Retention): number | null => (given === "forever" ? null : given);

const trueOrFalse = (value: string): boolean => {
  if (value !== "true" && value !== "false") throw new InvalidArgumentError("It must be true or false.");
  return value === "true";
};

/** The store's `notFound`, in the words of the command line. */
const namingKey = async <Result>(key: string, work: Promise<Result>): Promise<Result> =>
  work.catch((error: unknown) => {
    if (!(error instanceof ParlanceError) || error.code !== "notFound") throw error;
    throw new CommandFailed(`There is no app with the key ${key}; \`parlance app list\` shows all.`);
  });

interface CreateOptions {
  key?: string;
  secret?: string;
  maxOnline?: OnlineLimit;
  retentionDays?: Retention;
  json?: true;
}

const createApp = (name: string, options: CreateOptions) =>
  withStore(async ({ apps }) => {
    const app = await apps.create({
      name,
      key: options.key ?? newAppKey(),
      secret: options.secret ?? newAppSecret(),
      maxOnlineUsers: toMost(options.maxOnline ?? "none"),
      retentionDays: toDays(options.retentionDays ?? "forever"),
    });
    if (options.json) return printJson(describeApp(app, { withSecret: true }));
    print(`Created app ${app.name}.`);
    printApp(app, { withSecret: true });
  });

const listApps = ({ json, secrets = false }: { json?: true; secrets?: boolean }) =>
  withStore(async ({ apps }) => {
    const all = await apps.list();
    if (json) return printJson(all.map((app) => describeApp(app, { withSecret: secrets })));
    if (all.length === 0) return print("There is no app yet; `parlance app create NAME` makes one.");
    printApps(all, { withSecret: secrets });
  });

interface UpdateOptions {
  name?: string;
  active?: boolean;
  maxOnline?: OnlineLimit;
  retentionDays?: Retention;
  json?: true;
}

const updateApp = async (key: string, options: UpdateOptions) => {
  const change: AppChange = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.active === undefined ? {} : { isActive: options.active }),
    ...(options.maxOnline === undefined ? {} : { maxOnlineUsers: toMost(options.maxOnline) }),
    ...(options.retentionDays === undefined ? {} : { retentionDays: toDays(options.retentionDays) }),
  };
  if (Object.keys(change).length === 0)
    throw new UsageError("Nothing to change: give --name, --active, --max-online or --retention-days.");
  await withStore(async ({ apps }) => {
    const app = await namingKey(key, apps.update(key, change));
    if (options.json) return printJson(describeApp(app, { withSecret: false }));
    print(`Updated app ${app.name}.`);
    printApp(app, { withSecret: false });
  });
};

const setSettings = async (key: string, given: string[], { json }: { json?: true }) => {
  const parsed = given.map(parseAppSetting);
  for (const one of parsed) if ("wrong" in one) throw new UsageError(one.wrong);
  const settings = Object.fromEntries(
    (parsed as { name: string; value: unknown }[]).map(({ name, value }) => [name, value]),
  );
  for (const [name, value] of Object.entries(settings)) {
    const wrong = await wrongRateSetting(name, value);
    if (wrong !== null) throw new UsageError(wrong);
  }
  await withStore(async ({ apps }) => {
    const app = await namingKey(key, apps.update(key, { settings }));
    if (json) return printJson(describeApp(app, { withSecret: false }));
    print(`Changed the settings of ${app.name}.`);
    printApp(app, { withSecret: false });
  });
};

const settingsHelp = (): string =>
  columns([
    ...Object.entries(appSettings).map(([name, { sentence, fallback }]) => [
      `  ${name}`,
      String(fallback),
      sentence,
    ]),
    ["  rate./PATH", "", "How often that endpoint may be called, such as rate./user/getToken=500."],
  ]);

const rotateSecret = (key: string, options: { secret?: string; json?: true }) =>
  withStore(async ({ apps }) => {
    const app = await namingKey(key, apps.update(key, { secret: options.secret ?? newAppSecret() }));
    if (options.json) return printJson(describeApp(app, { withSecret: true }));
    print(`App ${app.name} has a new secret; the old one no longer works.`);
    printApp(app, { withSecret: true });
  });

const deleteApp = async (key: string, options: { yes?: true; json?: true }) => {
  const question = `Delete app ${key} with all its users, rooms and messages? There is no way back.`;
  if (!options.yes && !(await askYesNo(question)))
    throw new UsageError("Nothing was deleted; --yes says you mean it.");
  await withStore(async ({ apps }) => {
    await namingKey(key, apps.delete(key));
    if (options.json) return printJson({ key, deleted: true });
    print(`Deleted app ${key}. Its rows are removed by the running server, or at the next start.`);
  });
};

const json = ["--json", "print JSON for programs"] as const;

export const addAppCommands = (program: Command): void => {
  const app = program.command("app").description("create, list, change and delete apps (tenants)");
  app
    .command("create")
    .description("create an app; key and secret are made up where they are not given")
    .argument("<name>", "what people call it", checked("name"))
    .option("--key <key>", "public name on the wire", checked("key"))
    .option("--secret <secret>", "what its back end proves itself with", checked("secret"))
    .option("--max-online <users>", "most users online at once, or none", onlineLimit)
    .option("--retention-days <days>", "how long messages are kept, or forever", retention)
    .option(...json)
    .action(createApp);
  app
    .command("list")
    .description("list all apps")
    .option("--secrets", "show the secrets too")
    .option(...json)
    .action(listApps);
  app
    .command("update")
    .description("change an app")
    .argument("<key>")
    .option("--name <name>", "what people call it", checked("name"))
    .option(
      "--active <true|false>",
      "false refuses every request and connection and deletes nothing",
      trueOrFalse,
    )
    .option("--max-online <users>", "most users online at once, or none", onlineLimit)
    .option("--retention-days <days>", "how long messages are kept, or forever", retention)
    .option(...json)
    .action(updateApp);
  app
    .command("set")
    .description("change settings of an app; they hold within a second")
    .argument("<key>")
    .argument("<name=value...>", "nothing after the = takes a setting back to its default")
    .option(...json)
    .addHelpText("after", () => `\nSettings, with their defaults:\n${settingsHelp()}`)
    .action(setSettings);
  app
    .command("rotate-secret")
    .description("give an app a new secret; the old one stops working within a second")
    .argument("<key>")
    .option("--secret <secret>", "the new secret; made up where it is not given", checked("secret"))
    .option(...json)
    .action(rotateSecret);
  addOnlineCommand(app);
  app
    .command("delete")
    .description("delete an app and all it has")
    .argument("<key>")
    .option("--yes", "do not ask")
    .option(...json)
    .action(deleteApp);
};
