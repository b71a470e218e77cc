/**
 * Parameters as they arrived, before the row's schema says what they are. Forms know only text; JSON knows more.
 * `undefined` is absent.
 */

/** A whole number that a double can't hold, with the digits it was written with. */
export class BigNumber {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/** The values of a key that came more than once in a form or query, in order. */
export class Repeated {
  readonly values: string[];

  constructor(values: string[]) {
    this.values = values;
  }
}

export type RawValue =
  | string
  | number
  | boolean
  | null
  | BigNumber
  | Repeated
  | readonly RawValue[]
  | { readonly [key: string]: RawValue };

export type RawParams = ReadonlyMap<string, RawValue>;
