/** How one field of a content on the wire becomes one of the core's, and back. */

export interface Field {
  wire: string;
  core: string;
  as: "text" | "number" | "whole" | "flag" | "list";
  /** A content without it is refused. */
  isRequired?: true;
  /** What the core gets when it needs the field and the wire has none. */
  fallback?: unknown;
}

const field =
  (as: Field["as"]) =>
  (wire: string, core = wire): Field => ({ wire, core, as });

export const text = field("text");
export const number = field("number");
export const whole = field("whole");
export const flag = field("flag");
export const list = field("list");

export const needed = (of: Field): Field => ({ ...of, isRequired: true });
export const or = (fallback: unknown, of: Field): Field => ({ ...of, fallback });

const numeric = (value: unknown): number | undefined => {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
};

/**
 * As near as the core can hold it; undefined: it has no such value. What it doesn't hold exactly is kept beside, as it
 * came.
 */
export function readField({ as, isRequired }: Field, value: unknown): unknown {
  switch (as) {
    case "text":
      if (typeof value === "string") return value;
      // Some back ends put an object where a JSON text belongs.
      return value === undefined || value === null || isRequired ? undefined : JSON.stringify(value);
    case "number":
      return numeric(value);
    case "whole": {
      const found = numeric(value);
      return found === undefined || found < 0 ? undefined : Math.round(found);
    }
    case "flag":
      if (value === true || value === 1 || value === "1" || value === "true") return true;
      return value === false || value === 0 || value === "0" || value === "false" ? false : undefined;
    case "list":
      return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
  }
}
