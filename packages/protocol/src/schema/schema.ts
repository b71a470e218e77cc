/**
 * The shapes of what travels, declared once: each builder returns a plain JSON Schema object (any validator can compile
 * it) that carries its TypeScript type along without a trace at run time.
 */

declare const shape: unique symbol;

/** JSON Schema of a `T`; only the keywords that this package uses. */
export interface Schema<T = unknown> {
  readonly [shape]?: T;
  readonly type?: "string" | "integer" | "number" | "boolean" | "object" | "array" | "null";
  readonly description?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly anyOf?: readonly Schema[];
}

/** The TypeScript type that a schema describes. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

/** A field of an object that may be missing. */
export interface Optional<T> {
  readonly optional: Schema<T>;
}

type Fields = Readonly<Record<string, Schema<unknown> | Optional<unknown>>>;

type Flat<T> = { [Key in keyof T]: T[Key] };

type ObjectOf<F extends Fields> = Flat<
  { [Key in keyof F as F[Key] extends Optional<unknown> ? never : Key]: Infer<F[Key]> } & {
    [Key in keyof F as F[Key] extends Optional<unknown> ? Key : never]?: F[Key] extends Optional<infer T>
      ? T
      : never;
  }
>;

type Bounds<Keys extends keyof Schema> = Pick<Schema, Keys>;

export const string = (bounds: Bounds<"minLength" | "maxLength" | "pattern"> = {}): Schema<string> => ({
  type: "string",
  ...bounds,
});

export const integer = (bounds: Bounds<"minimum" | "maximum"> = {}): Schema<number> => ({
  type: "integer",
  ...bounds,
});

export const boolean = (): Schema<boolean> => ({ type: "boolean" });

export const literal = <const T extends string | number | boolean>(value: T): Schema<T> => ({ const: value });

export const oneOf = <const T extends readonly string[]>(values: T): Schema<T[number]> => ({
  type: "string",
  enum: values,
});

export const nullable = <T>(schema: Schema<T>): Schema<T | null> => ({ anyOf: [schema, { type: "null" }] });

export const either = <const S extends readonly Schema<unknown>[]>(
  ...schemas: S
): Schema<Infer<S[number]>> => ({
  anyOf: schemas,
});

export const list = <T>(items: Schema<T>, bounds: Bounds<"minItems" | "maxItems"> = {}): Schema<T[]> => ({
  type: "array",
  items,
  ...bounds,
});

/** Any keys, each with such a value. */
export const record = <T>(
  values: Schema<T>,
  bounds: Bounds<"minProperties" | "maxProperties"> = {},
): Schema<Record<string, T>> => ({ type: "object", additionalProperties: values, ...bounds });

/** A JSON object of any kind. */
export const anyObject = (): Schema<Record<string, unknown>> => ({ type: "object" });

export const optional = <T>(schema: Schema<T>): Optional<T> => ({ optional: schema });

/** Fields that are not named are ignored by whoever reads the object, so that newer ones may be added. */
export const object = <F extends Fields>(fields: F): Schema<ObjectOf<F>> => {
  const entries = Object.entries(fields);
  const properties = Object.fromEntries(
    entries.map(([name, field]) => [name, "optional" in field ? field.optional : field]),
  );
  const required = entries.filter(([, field]) => !("optional" in field)).map(([name]) => name);
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
};

/** The same shape with a sentence for the reader of the reference. */
export const described = <T>(description: string, schema: Schema<T>): Schema<T> => ({
  ...schema,
  description,
});

/** All fields of an object of that schema, with more. */
export const extended = <T, F extends Fields>(base: Schema<T>, fields: F): Schema<Flat<T & ObjectOf<F>>> => {
  const more = object(fields);
  return {
    type: "object",
    properties: { ...base.properties, ...more.properties },
    required: [...(base.required ?? []), ...(more.required ?? [])],
  };
};
