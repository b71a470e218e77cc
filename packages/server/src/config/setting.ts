/** The kinds of settings: each knows how to read itself from text and how to say what it allows. */

export interface Setting<Value> {
  /** Environment variables (and keys of the file) that set it; the first that is present wins. */
  readonly env: readonly [string, ...string[]];
  readonly fallback: Value;
  readonly sentence: string;
  /** Ends the sentence "… must be". */
  readonly allowed: string;
  readonly isSecret: boolean;
  /** Throws `WrongValue` for text that is not allowed. */
  parse(text: string): Value;
}

/** Its message replaces "must be <allowed>" where a kind can say more. It never quotes a secret. */
export class WrongValue extends Error {}

type Described = Pick<Setting<unknown>, "env" | "sentence">;

/** Digits only: "1e3", "0x10" and "1.5" are mistakes more often than wishes. */
export const wholeNumber = (
  row: Described & { fallback: number; min: number; max: number },
): Setting<number> => ({
  ...row,
  isSecret: false,
  allowed: `a whole number from ${row.min} to ${row.max}`,
  parse: (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= row.min && value <= row.max)) throw new WrongValue();
    return value;
  },
});

export const text = (row: Described & { fallback: string; maxLength: number }): Setting<string> => ({
  ...row,
  isSecret: false,
  allowed: `text of 1 to ${row.maxLength} characters on one line`,
  parse: (value) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (value.length > row.maxLength || /[\u0000-\u001f\u007f]/.test(value)) throw new WrongValue();
    return value;
  },
});

export const choice = <Option extends string>(
  row: Described & { fallback: Option; options: readonly Option[] },
): Setting<Option> => ({
  ...row,
  isSecret: false,
  allowed: `one of ${row.options.join(", ")}`,
  parse: (text) => {
    const option = row.options.find((name) => name === text.toLowerCase());
    if (option === undefined) throw new WrongValue();
    return option;
  },
});

const flagWords: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false],
]);

export const flag = (row: Described & { fallback: boolean }): Setting<boolean> => ({
  ...row,
  isSecret: false,
  allowed: "true or false",
  parse: (text) => {
    const value = flagWords.get(text.toLowerCase());
    if (value === undefined) throw new WrongValue();
    return value;
  },
});
