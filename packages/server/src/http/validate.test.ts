import { describe, expect, test } from "bun:test";
import { type TObject, Type } from "typebox";
import { ParlanceError } from "../errors.ts";
import { decodeForm } from "./form.ts";
import { decodeJson } from "./json.ts";
import { compileParams } from "./validate.ts";

/** Parameters as the row gets them, or the fields that were refused. */
const read = (params: TObject, raw: ReturnType<typeof decodeForm>): unknown => {
  try {
    return compileParams(params)(raw);
  } catch (error) {
    if (error instanceof ParlanceError) return error.details.fields;
    throw error;
  }
};

const nanoseconds = Type.String({ format: "nanoseconds" });
const roomType = Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)]);
const users = Type.Array(Type.String({ minLength: 1, maxLength: 5 }), { minItems: 1, maxItems: 3 });

/** The same parameter as a form and as JSON gives the same. */
const both: [string, Parameters<typeof Type.Object>[0][string], string, string, unknown][] = [
  ["integer", Type.Integer(), "p=42", '{"p":42}', 42],
  ["integer from text", Type.Integer(), "p=+7.0", '{"p":"7"}', 7],
  ["string from a number", Type.String(), "p=42", '{"p":42}', "42"],
  ["string from a fraction", Type.String(), "p=1.5", '{"p":1.5}', "1.5"],
  ["True", Type.Boolean(), "p=True", '{"p":true}', true],
  ["0", Type.Boolean(), "p=0", '{"p":0}', false],
  ["fALSE", Type.Boolean(), "p=fALSE", '{"p":"FALSE"}', false],
  [
    "digits above 2^53",
    nanoseconds,
    "p=1630489838123457001",
    '{"p":1630489838123457001}',
    "1630489838123457001",
  ],
  [
    "digits as text",
    nanoseconds,
    "p=1630489838123457001",
    '{"p":"1630489838123457001"}',
    "1630489838123457001",
  ],
  ["a choice", roomType, "p=2", '{"p":2}', 2],
  ["a choice from text", roomType, "p=3", '{"p":"3"}', 3],
  ["a list", users, "p=a&p=b", '{"p":["a","b"]}', ["a", "b"]],
  ["a list of one", users, "p=a", '{"p":"a"}', ["a"]],
  ["a list of numbers", users, "p=1&p=22", '{"p":[1,22]}', ["1", "22"]],
  ["a number for a list", users, "p=1", '{"p":1}', ["1"]],
  ["the last of a repeated scalar", Type.String(), "p=a&p=b", '{"p":"a","p":"b"}', "b"],
  ["an integer or null", Type.Union([Type.Integer(), Type.Null()]), "p=5", '{"p":"5"}', 5],
  ["anything", Type.Unknown(), "p=x", '{"p":"x"}', "x"],
];

describe("values", () => {
  test.each(both)("%s", (_, schema, form, json, value) => {
    const params = Type.Object({ p: schema });
    expect(read(params, decodeForm(form))).toEqual({ p: value });
    expect(read(params, decodeJson(json))).toEqual({ p: value });
  });

  test("lone surrogates are replaced, null means absent, unknown parameters are left out", () => {
    const params = Type.Object({ text: Type.String(), note: Type.Optional(Type.String()) });
    expect(read(params, decodeJson('{"text":"a\\ud800b","note":null,"more":1,"__proto__":{"x":1}}'))).toEqual(
      {
        text: "a\ufffdb",
      },
    );
  });

  test("null stays where the schema allows it", () => {
    const params = Type.Object({ p: Type.Optional(Type.Union([Type.String(), Type.Null()])) });
    expect(read(params, decodeJson('{"p":null}'))).toEqual({ p: null });
  });

  test("an empty text is a text, but no number", () => {
    const params = Type.Object({ text: Type.Optional(Type.String()), limit: Type.Optional(Type.Integer()) });
    expect(read(params, decodeForm("text=&limit="))).toEqual({ text: "" });
  });

  test("a default stands in", () => {
    const params = Type.Object({ type: Type.Optional(Type.Integer({ default: 1 })) });
    expect(read(params, decodeForm(""))).toEqual({ type: 1 });
  });

  test("large numbers inside free JSON stay numbers", () => {
    const params = Type.Object({ p: Type.Unknown() });
    expect(read(params, decodeJson('{"p":{"a":[12345678901234567890]}}'))).toEqual({
      p: { a: [12345678901234567000] },
    });
  });
});

const refused: [string, Parameters<typeof Type.Object>[0][string], string, string][] = [
  ["missing", Type.Integer(), "{}", "This field is required."],
  ["null", Type.Integer(), '{"p":null}', "This field may not be null."],
  ["a word for an integer", Type.Integer(), '{"p":"x"}', "A valid integer is required."],
  ["an empty text for an integer", Type.Integer(), '{"p":""}', "A valid integer is required."],
  ["a fraction for an integer", Type.Integer(), '{"p":1.5}', "A valid integer is required."],
  ["a boolean for an integer", Type.Integer(), '{"p":true}', "A valid integer is required."],
  ["an integer above 2^53", Type.Integer(), '{"p":12345678901234567890}', "A valid integer is required."],
  ["its text", Type.Integer(), '{"p":"12345678901234567890"}', "A valid integer is required."],
  ["too small", Type.Integer({ minimum: 1 }), '{"p":0}', "Ensure this value is greater than or equal to 1."],
  ["too large", Type.Integer({ maximum: 9 }), '{"p":10}', "Ensure this value is less than or equal to 9."],
  ["letters for digits", nanoseconds, '{"p":"12a"}', "A valid integer is required."],
  ["a minus for digits", nanoseconds, '{"p":-1}', "A valid integer is required."],
  ["a boolean for a text", Type.String(), '{"p":true}', "Not a valid string."],
  ["a list for a text", Type.String(), '{"p":["a"]}', "Not a valid string."],
  [
    "blank, whatever else it is",
    Type.String({ minLength: 1, pattern: "^a" }),
    '{"p":""}',
    "This field may not be blank.",
  ],
  ["not in its form", Type.String({ pattern: "^a" }), '{"p":"b"}', "Enter a valid value."],
  ["too short", Type.String({ minLength: 1 }), '{"p":""}', "This field may not be blank."],
  [
    "too long",
    Type.String({ maxLength: 2 }),
    '{"p":"abc"}',
    "Ensure this field has no more than 2 characters.",
  ],
  ["a null character", Type.String(), '{"p":"a\\u0000"}', "Null characters are not allowed."],
  ["a null character in a list", users, '{"p":["a\\u0000"]}', "Null characters are not allowed."],
  ["perhaps", Type.Boolean(), '{"p":"perhaps"}', "Must be a valid boolean."],
  ["no choice", roomType, '{"p":4}', "Not a valid choice; use 1, 2, 3."],
  ["an object for a list", users, '{"p":{}}', "Expected a list of items."],
  ["an empty list", users, '{"p":[]}', "This list may not be empty."],
  ["too many", users, '{"p":["a","b","c","d"]}', "Ensure this field has no more than 3 elements."],
  ["a bad item", users, '{"p":["a",{}]}', "Item 2: Not a valid string."],
  ["a blank item", users, '{"p":[""]}', "Item 1: This field may not be blank."],
];

describe("refusals", () => {
  test.each(refused)("%s", (_, schema, json, sentence) => {
    expect(read(Type.Object({ p: schema }), decodeJson(json))).toEqual({ p: [sentence] });
  });

  test("every wrong field is named, however many", () => {
    const names = Array.from({ length: 30 }, (_, index) => `p${index}`);
    const params = Type.Object(Object.fromEntries(names.map((name) => [name, Type.Integer()])));
    const fields = read(params, decodeForm("p3=x")) as Record<string, string[]>;
    expect(Object.keys(fields)).toEqual(names);
    expect(fields.p3).toEqual(["A valid integer is required."]);
  });

  test("a list of many wrong items gets a short answer", () => {
    const params = Type.Object({ p: Type.Array(Type.String({ maxLength: 1 })) });
    const items = JSON.stringify({ p: Array.from({ length: 50_000 }, () => "long") });
    const { p } = read(params, decodeJson(items)) as { p: string[] };
    expect(p.length).toBeLessThanOrEqual(8);
  });

  test("a long text is measured", () => {
    const params = Type.Object({ p: Type.String({ maxLength: 255 }) });
    expect(read(params, new Map([["p", "é".repeat(1_000_000)]]))).toEqual({
      p: ["Ensure this field has no more than 255 characters."],
    });
  });
});
