/** Fields of profiles, friends and groups: JSON texts of objects. */

import { ParlanceError } from "../../../errors.ts";

type Fields = Record<string, string | number>;
type Change = Record<string, string | number | null>;

/** With what is named changed; null takes a field away. */
export const withChanges = (standing: string, change: Change = {}): Fields => {
  const fields = { ...(JSON.parse(standing) as Fields), ...change };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Fields;
};

/** Throws `tooManyFields`. */
export const withOwnChanges = (standing: string, change: Change | undefined, most: number): Fields => {
  const fields = withChanges(standing, change);
  if (change !== undefined && Object.keys(fields).length > most)
    throw new ParlanceError("tooManyFields", { most });
  return fields;
};
