/** What a validator's refusal is called to the person who made the call, in the manner of Django REST framework. */

import type { TSchema } from "typebox";
import type { TLocalizedValidationError } from "typebox/error";

export const required = "This field is required.";
export const mayNotBeNull = "This field may not be null.";
export const noNullCharacters = "Null characters are not allowed.";
const notInteger = "A valid integer is required.";

const typeSentences: Readonly<Record<string, string>> = {
  string: "Not a valid string.",
  integer: notInteger,
  number: "A valid number is required.",
  boolean: "Must be a valid boolean.",
  array: "Expected a list of items.",
  object: "Expected an object.",
  null: "Must be null.",
};

const keywordSentences: Readonly<Record<string, (limit: unknown) => string>> = {
  minLength: (limit) =>
    limit === 1 ? "This field may not be blank." : `Ensure this field has at least ${limit} characters.`,
  maxLength: (limit) => `Ensure this field has no more than ${limit} characters.`,
  minItems: (limit) =>
    limit === 1 ? "This list may not be empty." : `Ensure this field has at least ${limit} elements.`,
  maxItems: (limit) => `Ensure this field has no more than ${limit} elements.`,
  minimum: (limit) => `Ensure this value is greater than or equal to ${limit}.`,
  maximum: (limit) => `Ensure this value is less than or equal to ${limit}.`,
  exclusiveMinimum: (limit) => `Ensure this value is greater than ${limit}.`,
  exclusiveMaximum: (limit) => `Ensure this value is less than ${limit}.`,
  uniqueItems: () => "The items of this list must differ.",
};

/** The values a schema allows, where it is a list of constants; null for any other. */
export const choicesOf = (schema: TSchema): readonly unknown[] | null => {
  const {
    enum: options,
    anyOf,
    const: constant,
  } = schema as {
    enum?: unknown[];
    anyOf?: { const?: unknown }[];
    const?: unknown;
  };
  if (options) return options;
  if (constant !== undefined) return [constant];
  return anyOf?.every((branch) => branch.const !== undefined) ? anyOf.map((branch) => branch.const) : null;
};

/** Written as digits, whatever they travel as: ids too large for a double. */
export const digitsFormat = "nanoseconds";

const sentenceFor = (error: TLocalizedValidationError): string => {
  if (error.keyword === "type") {
    const { type } = error.params as { type: string | string[] };
    return typeSentences[String(type)] ?? "Enter a valid value.";
  }
  if (error.keyword === "format" && error.params.format === digitsFormat) return notInteger;
  const sentence = keywordSentences[error.keyword]?.((error.params as { limit?: unknown }).limit);
  return sentence ?? "Enter a valid value.";
};

/** `instancePath` of an item is "/3" or deeper: which item it was helps in a list of thousands. */
const placeOf = (instancePath: string): string => {
  const item = /^\/(\d+)/.exec(instancePath)?.[1];
  return item === undefined ? "" : `Item ${Number(item) + 1}: `;
};

/** One sentence for the value, or for each item that is wrong: the first thing about it. */
export const describeErrors = (schema: TSchema, errors: readonly TLocalizedValidationError[]): string[] => {
  const choices = choicesOf(schema);
  if (choices)
    return [`Not a valid choice; use ${choices.map((choice) => JSON.stringify(choice)).join(", ")}.`];
  const byPlace = new Map<string, string>();
  for (const error of errors) {
    const place = placeOf(error.instancePath);
    if (error.keyword !== "anyOf" && !byPlace.has(place)) byPlace.set(place, sentenceFor(error));
  }
  return [...byPlace].map(([place, sentence]) => place + sentence);
};
