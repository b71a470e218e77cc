/** `docs/reference/protocol.md`, from the tables. */

import { closeCodes, closeRanges } from "../close-codes.ts";
import { protocolErrors } from "../errors.ts";
import { events } from "../events.ts";
import { limitTable } from "../limits.ts";
import { messageTypes } from "../message-types.ts";
import { methods, unservedEvents, unservedMethods } from "../methods/index.ts";
import { commonErrors, type Method } from "../methods/method.ts";
import type { Schema } from "../schema/schema.ts";
import { fieldTable, table } from "./fields.ts";
import { intro } from "./intro.ts";
import { namedShapes, typeText } from "./type-text.ts";

const code = (text: string): string => `\`${text}\``;
const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;
const paragraphs = (...texts: readonly (string | undefined)[]): string => texts.filter(Boolean).join("\n\n");

const shape = (schema: Schema): string =>
  schema.anyOf
    ? typeText(schema)
    : Object.keys(schema.properties ?? {}).length > 0
      ? fieldTable(schema)
      : "None.";

const methodSection = ([name, row]: [string, Method]): string =>
  paragraphs(
    `### ${name}`,
    row.sentence,
    ...(row.notes ?? []),
    "**Params**",
    shape(row.params),
    "**Result**",
    shape(row.result),
    row.errors.length > 0 ? `**Errors** ${row.errors.map(code).join(", ")}` : undefined,
    json({ id: 7, method: name, params: row.example.params }),
    json({ id: 7, result: row.example.result }),
  );

const eventSection = ([name, row]: [string, (typeof events)[keyof typeof events]]): string =>
  paragraphs(`### ${name}`, row.sentence, shape(row.data), json({ event: name, data: row.example }));

const typeRows = Object.entries(messageTypes).map(([name, row]) => [
  code(name),
  row.sentence,
  typeText(row.content),
  row.isCounted ? "yes" : "no",
  row.isPersisted ? "yes" : "no",
]);

const closeRows = closeRanges.flatMap(({ from, to, sentence }) => [
  [`${from}–${to}`, "", `**${sentence}**`],
  ...Object.entries(closeCodes)
    .filter(([, row]) => row.code >= from && row.code <= to)
    .map(([name, row]) => [String(row.code), code(name), row.sentence]),
]);

const errorRows = Object.entries(protocolErrors).map(([name, row]) => [
  String(row.code),
  code(name),
  row.sentence,
  row.isRetryable ? "yes" : "no",
]);

const limitRows = Object.entries(limitTable).map(([name, { value, unit, sentence }]) => [
  code(name),
  `${value} ${unit}`.trim(),
  sentence,
]);

const served = <Row>(rows: Record<string, Row>, unserved: ReadonlySet<string>): [string, Row][] =>
  Object.entries(rows).filter(([name]) => !unserved.has(name));

export const renderReference = (): string =>
  `${paragraphs(
    intro,
    "## Methods",
    `Every request may also be refused with ${commonErrors.map(code).join(", ")}.`,
    ...served<Method>(methods, unservedMethods).map(methodSection),
    "## Events",
    ...served(events, unservedEvents).map(eventSection),
    "## Shapes",
    ...Object.entries(namedShapes).map(([name, schema]) =>
      paragraphs(`### ${name}`, schema.description, fieldTable(schema)),
    ),
    "## Types of messages",
    "Types of the app's own are counted and stored unless the send says otherwise.",
    table(["type", "", "content", "counted", "stored"], typeRows),
    "## Errors",
    table(["code", "name", "", "worth repeating"], errorRows),
    "## Close codes",
    "A code that a client doesn't know means what its range says; codes of WebSocket itself mean reconnect.",
    table(["code", "name", ""], closeRows),
    "## Limits",
    table(["name", "value", ""], limitRows),
  )}\n`;
