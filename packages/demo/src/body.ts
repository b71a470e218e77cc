import { Refusal } from "./refusal.ts";

const mostBytes = 16 * 1024;

/** The JSON object that the page sent. */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text.length > mostBytes) throw new Refusal(413, "That is too much.");
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as never;
  } catch {
    // Answered as everything else that is not an object.
  }
  throw new Refusal(400, "The body must be a JSON object.");
}

/** One line of text for people to read. */
export function takeText(value: unknown, what: string, most: number): string {
  if (typeof value !== "string") throw new Refusal(400, `${what} must be a text.`);
  const text = value.normalize("NFC").replace(/\s+/gu, " ").trim();
  if (text === "") throw new Refusal(400, `${what} is missing.`);
  if (/\p{Cc}/u.test(text) || !text.isWellFormed())
    throw new Refusal(400, `${what} holds characters that can't be shown.`);
  if ([...text].length > most) throw new Refusal(400, `${what} has more than ${most} characters.`);
  return text;
}
