/** `parlance config`: every setting with its value now, its default, where it came from and what it means. */

import type { Command } from "commander";
import type { Setting } from "../config/setting.ts";
import { loadConfigWithSources, type SettingName, settings } from "../config.ts";
import { columns, print, printJson } from "./print.ts";

interface SettingView {
  name: string;
  value: unknown;
  default: unknown;
  source: string;
  allowed: string;
  sentence: string;
}

/** A secret is shown by its presence alone; its default is none. */
const shown = (row: Setting<unknown>, value: unknown): unknown => {
  if (!row.isSecret) return value;
  if (!Array.isArray(value)) return value === row.fallback ? value : "(hidden)";
  const count = value.length;
  return count === 0 ? "none" : `${count} (hidden)`;
};

const viewSettings = (): SettingView[] => {
  const { config, sources } = loadConfigWithSources();
  return (Object.entries(settings) as [SettingName, Setting<unknown>][]).map(([name, row]) => ({
    name: row.env.join(" or "),
    value: shown(row, config[name]),
    default: shown(row, row.fallback),
    source: sources[name],
    allowed: row.allowed,
    sentence: row.sentence,
  }));
};

const printSettings = ({ json }: { json?: true }): void => {
  const views = viewSettings();
  if (json) {
    printJson(views);
    return;
  }
  print(
    columns([
      ["SETTING", "VALUE", "DEFAULT", "FROM", "MEANING"],
      ...views.map((view) => [
        view.name,
        String(view.value),
        String(view.default),
        view.source,
        view.sentence,
      ]),
    ]),
  );
  print(
    "\nPARLANCE_CONFIG names a file of further settings, one NAME=value a line; the environment wins over it.",
  );
};

export const addConfigCommand = (program: Command): void => {
  program
    .command("config")
    .description("print every setting with its meaning, default and present value")
    .option("--json", "print JSON for programs")
    .action(printSettings);
};
