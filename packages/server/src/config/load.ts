/** Reads the settings: environment first, then the file that PARLANCE_CONFIG names, then the default. */

import { readSettingsFile, type SettingsFile } from "./file.ts";
import { nearest } from "./nearest.ts";
import { type Setting, WrongValue } from "./setting.ts";

/** Every wrong or unknown setting, a sentence each; none quotes a secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;

/** What a table of settings says, as values. */
export type ValuesOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

export interface Loaded<Table extends SettingsTable> {
  readonly config: ValuesOf<Table>;
  /** Where each value came from: `default`, the environment variable, or the file's path and key. */
  readonly sources: Readonly<Record<keyof Table, string>>;
}

/** Variables with our prefix that are for the tools around the server, so they may be there and mean nothing to it. */
const toolVariables = [
  "PARLANCE_CONFIG",
  "PARLANCE_CHROMIUM",
  "PARLANCE_NATS_SERVER",
  "PARLANCE_POSTGRESQL",
  "PARLANCE_LIFELINE_FD",
];

/** An empty variable counts as absent: that is how compose files and shells leave a setting out. */
const present = (value: string | undefined): value is string => value !== undefined && value.trim() !== "";

const findUnknown = (
  known: readonly string[],
  env: Environment,
  file: SettingsFile,
  path: string,
): string[] => {
  const sentence = (name: string, where: string): string => {
    const near = nearest(name, [...known, "PARLANCE_CONFIG"]);
    const hint = near ? `did you mean ${near}?` : "`parlance config` lists all settings.";
    return `${name}${where} is not a setting; ${hint}`;
  };
  const fromEnv = Object.keys(env).filter(
    (name) =>
      name.startsWith("PARLANCE_") && present(env[name]) && ![...known, ...toolVariables].includes(name),
  );
  const fromFile = [...file.values.keys()].filter((name) => !known.includes(name));
  return [
    ...fromEnv.map((name) => sentence(name, "")),
    ...fromFile.map((name) => sentence(name, ` (in ${path})`)),
  ];
};

/** Reads one setting; a wrong value is added to `problems` and the default stands in for it. */
const readSetting = (
  row: Setting<unknown>,
  env: Environment,
  file: SettingsFile,
  path: string,
  problems: string[],
) => {
  const inEnv = row.env.find((variable) => present(env[variable]));
  const variable = inEnv ?? row.env.find((key) => present(file.values.get(key)));
  if (variable === undefined) return { value: row.fallback, source: "default" };
  const text = ((inEnv ? env[inEnv] : file.values.get(variable)) ?? "").trim();
  try {
    return { value: row.parse(text), source: inEnv ?? `${path}: ${variable}` };
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    const seen = row.isSecret ? "" : `; it is "${text.slice(0, 60)}"`;
    problems.push(
      `${variable}${inEnv ? "" : ` (in ${path})`}: ${error.message || `must be ${row.allowed}${seen}`}.`,
    );
    return { value: row.fallback, source: "default" };
  }
};

/** Throws `ConfigError` with everything that is wrong; `check` adds what is wrong between settings. */
export const loadSettings = <Table extends SettingsTable>(
  table: Table,
  env: Environment,
  check: (config: ValuesOf<Table>) => string[],
): Loaded<Table> => {
  const path = env.PARLANCE_CONFIG?.trim() ?? "";
  const file: SettingsFile = path ? readSettingsFile(path) : { values: new Map(), problems: [] };
  const known = Object.values(table).flatMap((row) => row.env);
  const problems = [...file.problems, ...findUnknown(known, env, file, path)];
  const config: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  for (const [name, row] of Object.entries(table)) {
    const { value, source } = readSetting(row, env, file, path, problems);
    config[name] = value;
    sources[name] = source;
  }
  const loaded = { config, sources } as unknown as Loaded<Table>;
  if (problems.length === 0) problems.push(...check(loaded.config));
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded;
};
