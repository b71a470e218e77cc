import { FatalFrameError, FrameError } from "./error-frames.ts";
import type { Frame } from "./frame-fields.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Text frames, and binary ones that hold UTF-8 text: stock clients send either. */
export function parseFrame(frame: string | Uint8Array): Frame {
  const text = typeof frame === "string" ? frame : decode(frame);
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const shape = Array.isArray(value) ? "list" : value === null ? "null" : typeof value;
    throw new FatalFrameError("TypeError", `A frame must be a JSON object, not ${shape}.`);
  }
  const { type } = value as Record<string, unknown>;
  if (!type) throw new FrameError("missingField", { field_name: "type" });
  if (typeof type !== "string")
    throw new FatalFrameError("TypeError", "The type of a frame must be a string.");
  return value as Frame;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new FrameError("invalidFormat");
  }
}

function parse(text: string): unknown {
  try {
    return mayHoldLongNumber(text) ? JSON.parse(text, keepLongNumbers) : JSON.parse(text);
  } catch {
    throw new FrameError("invalidFormat");
  }
}

/** Nanoseconds have 19 digits, more than a double can hold: such frames are read with their digits kept. */
const mayHoldLongNumber = (text: string): boolean => /[:\s]\d{16,}/.test(text);

/** A whole number beyond doubles becomes its digits, which every field that takes a time understands. */
function keepLongNumbers(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^\d+$/.test(source) ? source : value;
}
