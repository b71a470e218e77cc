/** Turns a request's query or body into raw parameters, by its content type. */

import { ParlanceError } from "../errors.ts";
import { type BodyLimits, readBody } from "./body.ts";
import { collectPairs, decodeForm, maxPairs } from "./form.ts";
import { decodeJson } from "./json.ts";
import type { RawParams } from "./raw-value.ts";

const strictText = new TextDecoder("utf-8", { fatal: true });

const decodeText = (bytes: Uint8Array): string => {
  try {
    return strictText.decode(bytes);
  } catch {
    throw new ParlanceError("invalidInput", {}, "The body is not valid UTF-8.");
  }
};

/** Text fields only: there is nothing here to upload a file to. */
const decodeMultipart = async (bytes: Uint8Array, contentType: string): Promise<RawParams> => {
  let fields: [string, unknown][];
  try {
    const form = await new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": contentType },
    }).formData();
    fields = [...form.entries()];
  } catch {
    throw new ParlanceError("invalidInput", {}, "The body is not valid multipart/form-data.");
  }
  const pairs: [string, string][] = [];
  for (const [name, value] of fields) {
    if (typeof value !== "string")
      throw new ParlanceError("invalidInput", { fields: { [name]: ["Not a valid string."] } });
    if (pairs.push([name, value]) > maxPairs)
      throw new ParlanceError("invalidInput", {}, "The form has too many fields.");
  }
  return collectPairs(pairs);
};

type Decoder = (bytes: Uint8Array, contentType: string) => RawParams | Promise<RawParams>;

const decoders: Readonly<Record<string, Decoder>> = {
  "application/json": (bytes) => decodeJson(decodeText(bytes)),
  "application/x-www-form-urlencoded": (bytes) => decodeForm(decodeText(bytes)),
  "multipart/form-data": decodeMultipart,
};

/** `type/subtype` in lower case, "" for none. Throws `unsupportedMediaType` for text that is not UTF-8. */
const mediaType = (contentType: string): string => {
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  for (const parameter of parameters)
    if (/^\s*charset\s*=/.test(parameter) && !/=\s*"?(utf-?8|us-ascii)"?\s*$/.test(parameter))
      throw new ParlanceError("unsupportedMediaType");
  return type.trim();
};

const guessType = (bytes: Uint8Array): string => {
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x7b ? "application/json" : "application/x-www-form-urlencoded";
};

/** Throws `bodyTooLarge`, `unsupportedMediaType` or `invalidInput`. */
export const decodeBody = async (request: Request, limits: BodyLimits): Promise<RawParams> => {
  const bytes = await readBody(request, limits);
  if (bytes.length === 0) return new Map();
  const encoding = request.headers.get("content-encoding");
  if (encoding && encoding.toLowerCase() !== "identity") throw new ParlanceError("unsupportedMediaType");
  const contentType = request.headers.get("content-type") ?? "";
  const decoder = decoders[mediaType(contentType) || guessType(bytes)];
  if (!decoder) throw new ParlanceError("unsupportedMediaType");
  return decoder(bytes, contentType);
};

export const decodeQuery = (url: URL): RawParams => decodeForm(url.search.slice(1));
