/**
 * The optional file of settings: one `NAME=value` a line, named as in the environment. Blank lines and lines that
 * start with # are skipped; quotes around a whole value are taken off; nothing is expanded.
 */

import { readFileSync, statSync } from "node:fs";

const maxFileBytes = 1024 * 1024;

export interface SettingsFile {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

const unquote = (value: string): string => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;

export const parseSettingsFile = (text: string, path: string): SettingsFile => {
  const values = new Map<string, string>();
  const problems: string[] = [];
  text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .forEach((line, index) => {
      if (/^\s*(#|$)/.test(line)) return;
      const at = line.indexOf("=");
      const name = line.slice(0, at).trim();
      if (at < 1 || name === "")
        problems.push(`${path}, line ${index + 1}: must be NAME=value or start with #.`);
      else if (values.has(name)) problems.push(`${path}, line ${index + 1}: ${name} is already set above.`);
      else values.set(name, unquote(line.slice(at + 1).trim()));
    });
  return { values, problems };
};

export const readSettingsFile = (path: string): SettingsFile => {
  try {
    if (statSync(path).size > maxFileBytes)
      return { values: new Map(), problems: [`PARLANCE_CONFIG: ${path} is larger than 1 MiB.`] };
    return parseSettingsFile(readFileSync(path, "utf8"), path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read";
    return { values: new Map(), problems: [`PARLANCE_CONFIG: the file ${path} ${reason}.`] };
  }
};
