/** The fields of an object as a table of Markdown. */

import type { Schema } from "../schema/schema.ts";
import { typeText } from "./type-text.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

export const fieldTable = ({ properties = {}, required = [] }: Schema): string =>
  table(
    ["field", "type", ""],
    Object.entries(properties).map(([name, field]) => [
      required.includes(name) ? `\`${name}\`` : `\`${name}\`, optional`,
      typeText(field),
      field.description ?? "",
    ]),
  );
