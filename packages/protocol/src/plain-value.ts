import { limits } from "./limits.ts";

/**
 * Whether both codecs can carry the value unchanged: what JSON knows, text that is Unicode, no deeper than `frameDepth`.
 * Never recurses deeper than that.
 */
export function isPlain(value: unknown, levels: number = limits.frameDepth): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "boolean" || value === null) return true;
  if (typeof value !== "object" || levels === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, levels - 1)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value)
    if (!key.isWellFormed() || !isPlain((value as Record<string, unknown>)[key], levels - 1)) return false;
  return true;
}
