/** Reads a small JSON body and takes checked fields out of it. */
import { Refusal } from "./refusal.ts";

const maxBodyBytes = 16_384;

export type Body = Record<string, unknown>;

const readBytes = async (request: Request): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) throw new Refusal(413, `A request takes at most ${maxBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** An absent body counts as `{}`. */
export const readBody = async (request: Request): Promise<Body> => {
  const bytes = await readBytes(request);
  if (bytes.byteLength === 0) return {};
  try {
    const body: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Body;
  } catch {
    // Falls through to the same answer as JSON that is not an object.
  }
  throw new Refusal(400, "The body must be a JSON object.");
};

/** Trimmed text of 1 to `max` characters. */
export const takeText = (body: Body, field: string, max: number): string => {
  const value = body[field];
  if (typeof value !== "string") throw new Refusal(400, `“${field}” must be text.`);
  const text = value.toWellFormed().trim();
  if (text === "") throw new Refusal(400, `“${field}” must not be empty.`);
  if (text.length > max) throw new Refusal(400, `“${field}” takes at most ${max} characters.`);
  return text;
};

const cleanName = (name: string) => name.normalize("NFC").replace(/\s+/gu, " ");

/** The name of a person or a room: one line of up to 40 visible characters. */
export const takeName = (body: Body, field: string): string => {
  const name = cleanName(takeText(body, field, 40));
  if (/\p{Cc}|\p{Bidi_Control}/u.test(name) || !/[\p{L}\p{N}\p{S}\p{P}]/u.test(name))
    throw new Refusal(400, `“${field}” must be made of visible characters.`);
  return name;
};

/** Up to `max` names; absent means none. */
export const takeNames = (body: Body, field: string, max: number): string[] => {
  const values = body[field] ?? [];
  if (!Array.isArray(values) || values.length > max)
    throw new Refusal(400, `“${field}” must be a list of at most ${max} names.`);
  return values.map((value) => takeName({ [field]: value }, field));
};
