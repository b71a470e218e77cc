import { keptField } from "../../../core/messages/kept-content.ts";

/**
 * What a message of the wire has and the core has no field for. It is kept within the core's content, under a name that
 * apps of our own protocol pass over, so that whoever asks in this dialect gets back the content that was sent.
 */
export interface Rest {
  /** The objectName, when it isn't what the core's type is called on the wire. */
  as?: string;
  /** Fields as they were. They stand above those that are made from the core's. */
  fields?: Record<string, unknown>;
  /** Fields that the core needed and the wire didn't have. */
  without?: string[];
  /** The content as it was: it is no JSON object, or our numbers can't hold its own. */
  raw?: string;
}

/** The field of a content that holds it. */
export const restField = keptField;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Undefined: it is none. */
export function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Anybody may write anything into a content: what isn't of this shape is nothing. */
export function readRest(content: Record<string, unknown>): Rest {
  const found = content[restField];
  if (!isRecord(found)) return {};
  const { as, fields, without, raw } = found;
  const rest: Rest = {};
  if (typeof as === "string") rest.as = as;
  if (isRecord(fields)) rest.fields = fields;
  if (Array.isArray(without)) rest.without = without.filter((name) => typeof name === "string");
  if (typeof raw === "string") rest.raw = raw;
  return rest;
}

/** Numbers of 16 digits and more may come back as others. A text that looks like one does no harm. */
export const hasLongNumbers = (json: string): boolean => /[:[,]\s*-?\d[\d.]{15,}/.test(json);
