/** What may be wrong with a call, derived from its row: everything that its parameters' schemas forbid. */

import type { TSchema } from "typebox";
import { type RongcloudRow, schemaOf } from "../endpoint.ts";
import type { WireMark } from "../params.ts";

export interface RowFault {
  what: string;
  /** The parameter that the refusal has to name. */
  name: string;
  params: Record<string, unknown>;
  code: 1002 | 1005;
}

interface Bounds extends WireMark {
  type?: string;
  enum?: readonly unknown[];
  items?: Bounds;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

interface BadValue {
  what: string;
  value: unknown;
  code?: 1005;
}

/** Above this a list or a text is larger than what a test should send. */
const largest = 200_000;

const tooLong = ({ maxLength, maxBytes }: Bounds): BadValue[] => [
  ...(maxLength !== undefined && maxLength < largest
    ? [{ what: `${maxLength + 1} characters`, value: "x".repeat(maxLength + 1), code: 1005 as const }]
    : []),
  // Two bytes a letter: who counts letters lets them pass.
  ...(maxBytes !== undefined && maxBytes < largest
    ? [
        {
          what: `${maxBytes + 1} bytes or more`,
          value: "é".repeat(Math.floor(maxBytes / 2) + 1),
          code: 1005 as const,
        },
      ]
    : []),
];

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, number) => `name${number}`);

function badLists({ items = {}, minItems = 0, maxItems }: Bounds): BadValue[] {
  const few = minItems > 1 ? [{ what: `${minItems - 1} items`, value: namesOf(minItems - 1) }] : [];
  if (items.type !== "string") return few;
  const many =
    maxItems !== undefined && maxItems * 12 < largest
      ? [{ what: `${maxItems + 1} items`, value: namesOf(maxItems + 1) }]
      : [];
  return [
    ...few,
    ...many,
    ...tooLong(items).map((bad) => ({ ...bad, what: `an item of ${bad.what}`, value: [bad.value] })),
  ];
}

function badNumbers({ minimum, maximum }: Bounds): BadValue[] {
  const values = [
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
    ...["many", 1.5, "1e400"],
  ];
  return values.map((value) => ({ what: String(value), value }));
}

function badMaps({ maxProperties }: Bounds): BadValue[] {
  if (maxProperties === undefined || maxProperties * 20 > largest) return [{ what: "a list", value: ["a"] }];
  const entries = namesOf(maxProperties + 1).map((name) => [name, "x"]);
  return [{ what: `${maxProperties + 1} entries`, value: JSON.stringify(Object.fromEntries(entries)) }];
}

function badValues(schema: Bounds): BadValue[] {
  if (schema.enum) return [{ what: "no choice", value: "no choice" }];
  switch (schema.wire) {
    case "flag":
      return [{ what: "perhaps", value: "perhaps" }];
    case "list":
    case "texts":
      return badLists(schema);
    case "json":
      return [{ what: "no JSON", value: "{" }];
    case "map":
      return badMaps(schema);
  }
  if (schema.type === "integer") return badNumbers(schema);
  if (schema.type === "string") return [...tooLong(schema), { what: "a null character", value: "a\0b" }];
  return [];
}

const without = (params: Record<string, unknown>, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params).filter(([key]) => key !== name && !key.startsWith(`${name}[`)));

/** Each is the row's example but for one parameter. */
export function faultsOfRow(row: RongcloudRow): RowFault[] {
  const { required = [], properties } = schemaOf(row) as unknown as {
    required?: string[];
    properties: Record<string, TSchema>;
  };
  const example = row.example.params;
  return Object.entries(properties).flatMap(([name, schema]) => {
    const rest = without(example, name);
    const missing: RowFault[] = required.includes(name)
      ? [
          { what: `without ${name}`, name, params: rest, code: 1002 },
          { what: `with an empty ${name}`, name, params: { ...rest, [name]: "" }, code: 1002 },
        ]
      : [];
    const bad = badValues(schema as Bounds).map(
      ({ what, value, code }): RowFault => ({
        what: `with ${name}: ${what}`,
        name,
        params: { ...rest, [name]: value },
        code: code ?? 1002,
      }),
    );
    return [...missing, ...bad];
  });
}
