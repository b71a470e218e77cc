import { errorRow, ParlanceError } from "../../../errors.ts";

/** I2A's socket errors that are about frames and have no counterpart in the core. */
const frameErrors = {
  messageNotString: { code: 10002, message: "Message must be string type." },
  tooManyRooms: { code: 10003, message: "Length of chat_room_identifiers list cant be grater than 10." },
  invalidFormat: { code: 10004, message: "Invalid message format: Must be a dictionary with proper fields." },
  missingField: { code: 10005, message: "Missing required field." },
  tooManyFrames: {
    code: 10007,
    message:
      "Message spam detected: more than the allowed number of messages per minute (300 messages per minute). Server will close the socket.",
  },
  wrongRoomType: { code: 10008, message: "Invalid message type for chat room. See details." },
} as const;

export type FrameErrorName = keyof typeof frameErrors;

/** A refusal of one frame; the connection stays. */
export class FrameError extends Error {
  readonly code: number;
  readonly extra: Record<string, unknown> | null;

  constructor(name: FrameErrorName, extra: Record<string, unknown> | null = null) {
    super(frameErrors[name].message);
    this.code = frameErrors[name].code;
    this.extra = extra;
  }
}

/** A frame that I2A's server answers by ending the connection: an unknown type, or no object at all. */
export class FatalFrameError extends Error {
  readonly className: string;

  constructor(className: string, message: string) {
    super(message);
    this.className = className;
  }
}

export function errorFrame(code: number, message: string, extra: Record<string, unknown> | null): string {
  return JSON.stringify({ type: "ERROR", exception: { message, error_code: code, extra } });
}

export const tooManyFramesFrame = errorFrame(
  frameErrors.tooManyFrames.code,
  frameErrors.tooManyFrames.message,
  null,
);

/**
 * Any code would tell the client that its frame was refused. Instead the connection is closed, as it would be by a server
 * that was killed just then: clients know that they must look into history for what they sent.
 */
export const isOutcomeUnknown = (error: unknown): boolean =>
  error instanceof ParlanceError && error.code === "outcomeUnknown";

/** The frame for whatever went wrong; what we did not foresee shows its class and nothing else of ours. */
export function errorFrameFor(error: unknown): string {
  if (error instanceof FrameError) return errorFrame(error.code, error.message, error.extra);
  if (error instanceof FatalFrameError) {
    const { className: class_name, message: exception } = error;
    return errorFrame(10000, errorRow("internal").sentence, { class_name, exception });
  }
  if (error instanceof ParlanceError) {
    const row = errorRow(error.code);
    const extra = Object.keys(error.details).length > 0 ? error.details : null;
    if (row.i2a !== undefined && error.code !== "internal") return errorFrame(row.i2a, row.sentence, extra);
  }
  const extra = { class_name: "InternalError", exception: "The request could not be carried out." };
  return errorFrame(10000, errorRow("internal").sentence, extra);
}
