/** Reads a body within a bound of bytes and of time. */

import { ParlanceError } from "../errors.ts";

export interface BodyLimits {
  bytes: number;
  /** The whole body must have arrived by then. */
  milliseconds: number;
}

const tooSlow = () => new ParlanceError("invalidInput", {}, "The request body did not arrive in time.");
const cutOff = () => new ParlanceError("invalidInput", {}, "The request body was cut off.");

const declaredBytes = (request: Request): number => Number(request.headers.get("content-length") ?? 0);

const join = (chunks: readonly Uint8Array[], bytes: number): Uint8Array => {
  const [first] = chunks;
  if (chunks.length === 1 && first) return first;
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
};

/** Throws `bodyTooLarge`, before reading where the length is declared; `invalidInput` if it is late or cut off. */
export const readBody = async (request: Request, limits: BodyLimits): Promise<Uint8Array> => {
  if (declaredBytes(request) > limits.bytes) throw new ParlanceError("bodyTooLarge");
  if (!request.body) return new Uint8Array(0);
  const reader = request.body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), limits.milliseconds);
  });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return join(chunks, bytes);
      bytes += value.length;
      if (bytes > limits.bytes) throw new ParlanceError("bodyTooLarge");
      chunks.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error instanceof ParlanceError ? error : cutOff();
  } finally {
    clearTimeout(timer);
  }
};
