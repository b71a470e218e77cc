/**
 * A Helm chart, as far as it can be judged without Helm: which values and definitions its templates use, and whether what
 * is left without the actions is YAML.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Template {
  name: string;
  text: string;
}

export const readTemplates = (chart: string): Template[] =>
  readdirSync(join(chart, "templates")).map((name) => ({
    name,
    text: readFileSync(join(chart, "templates", name), "utf8"),
  }));

const actions = /\{\{-?\s*([\s\S]*?)\s*-?\}\}/g;

export const actionsOf = (text: string): string[] => [...text.matchAll(actions)].map(([, body = ""]) => body);

/** Blocks that are opened less those that are closed; 0 is right. */
export const openBlocks = (text: string): number =>
  actionsOf(text).reduce((depth, action) => {
    if (/^(if|with|range|define)\b/.test(action)) return depth + 1;
    return action === "end" ? depth - 1 : depth;
  }, 0);

/** As `drain.seconds`. */
export const valuesUsed = (text: string): string[] => [
  ...new Set([...text.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = ""]) => path)),
];

export const definitionsUsed = (text: string): string[] =>
  actionsOf(text).flatMap((action) =>
    [...action.matchAll(/include "([^"]+)"/g)].map(([, name = ""]) => name),
  );

/** Lines of actions alone are left out, an action within a line becomes a word. */
export const withoutActions = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !/^\s*\{\{.*\}\}\s*$/.test(line))
    .join("\n")
    .replace(actions, "something");

/** Every path of a tree of values, the branches' as well. */
export const pathsOf = (value: unknown, path = ""): string[] =>
  typeof value !== "object" || value === null || Array.isArray(value)
    ? [path]
    : [
        path,
        ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, path ? `${path}.${key}` : key)),
      ];
