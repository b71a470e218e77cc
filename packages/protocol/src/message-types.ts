/**
 * The types of messages that every client knows, with the fields of their content. Apps may send types of their own:
 * those are counted and persisted unless the send says otherwise. Unknown fields of a content are kept as they are.
 */

import { boolean, described, integer, list, object, optional, type Schema, string } from "./schema/schema.ts";

export interface MessageType<Content = unknown> {
  sentence: string;
  content: Schema<Content>;
  /** Raises unread numbers. */
  isCounted: boolean;
  /** Stored in the log; otherwise a status message, for who is online. */
  isPersisted: boolean;
  /** The name of such messages in RongCloud's dialect. */
  objectName: string;
  example: NoInfer<Content>;
}

type Flags = Pick<MessageType, "isCounted" | "isPersisted">;

const ordinary: Flags = { isCounted: true, isPersisted: true };
const notice: Flags = { isCounted: false, isPersisted: true };
const command: Flags = { isCounted: false, isPersisted: false };

const type = <Content>(
  objectName: string,
  flags: Flags,
  sentence: string,
  content: Schema<Content>,
  example: NoInfer<Content>,
): MessageType<Content> => ({ sentence, content, ...flags, objectName, example });

const url = string({ minLength: 1, maxLength: 2048 });
const size = described("Bytes.", integer({ minimum: 0 }));
const seconds = integer({ minimum: 0 });
const pixels = optional(integer({ minimum: 1 }));
const name = optional(string({ maxLength: 255 }));
const thumbnail = optional(described("A small JPEG in base64, shown until the whole is loaded.", string()));
const extra = optional(described("The app's own, untouched.", string()));
const text = string();

export const messageTypes = {
  text: type("RC:TxtMsg", ordinary, "Plain text.", object({ text, extra }), { text: "Hello" }),
  image: type(
    "RC:ImgMsg",
    ordinary,
    "A picture.",
    object({ url, thumbnail, width: pixels, height: pixels, size: optional(size), name, extra }),
    { url: "https://files.example/cat.jpg", width: 800, height: 600 },
  ),
  gif: type(
    "RC:GIFMsg",
    ordinary,
    "A moving picture.",
    object({ url, width: pixels, height: pixels, size: optional(size), name, extra }),
    { url: "https://files.example/cat.gif" },
  ),
  voice: type(
    "RC:HQVCMsg",
    ordinary,
    "A spoken message.",
    object({ url, seconds, size: optional(size), name, extra }),
    { url: "https://files.example/a.aac", seconds: 4 },
  ),
  voiceInline: type(
    "RC:VcMsg",
    ordinary,
    "A spoken message that travels inside (AMR in base64).",
    object({ data: text, seconds, extra }),
    { data: "IyFBTVIK", seconds: 2 },
  ),
  file: type(
    "RC:FileMsg",
    ordinary,
    "A file.",
    object({ url, name: string({ minLength: 1, maxLength: 255 }), size, mediaType: optional(text), extra }),
    { url: "https://files.example/plan.pdf", name: "plan.pdf", size: 48_213 },
  ),
  video: type(
    "RC:SightMsg",
    ordinary,
    "A short film.",
    object({ url, seconds, thumbnail, width: pixels, height: pixels, size: optional(size), name, extra }),
    { url: "https://files.example/a.mp4", seconds: 12 },
  ),
  location: type(
    "RC:LBSMsg",
    ordinary,
    "A place on the map.",
    object({
      latitude: { type: "number", minimum: -90, maximum: 90 } as Schema<number>,
      longitude: { type: "number", minimum: -180, maximum: 180 } as Schema<number>,
      name,
      thumbnail,
      extra,
    }),
    { latitude: 52.52, longitude: 13.405, name: "Berlin" },
  ),
  card: type(
    "RC:ImgTextMsg",
    ordinary,
    "A title and a text with a picture, leading somewhere.",
    object({ title: text, text, imageUrl: optional(url), url: optional(url), extra }),
    { title: "Menu", text: "Today: soup", url: "https://example.org/menu" },
  ),
  quote: type(
    "RC:ReferenceMsg",
    ordinary,
    "An answer to an earlier message; the message's `quote` says to which.",
    object({ text, extra }),
    { text: "I agree" },
  ),
  combine: type(
    "RC:CombineV2Msg",
    ordinary,
    "Several messages passed on as one.",
    object({
      summaries: described("First lines, for the closed card.", list(text, { maxItems: 10 })),
      names: described("Who speaks in them.", list(text, { maxItems: 10 })),
      count: integer({ minimum: 1 }),
      messages: optional(
        list(object({ from: text, type: text, content: text, sentAt: integer({ minimum: 0 }) }), {
          maxItems: 100,
        }),
      ),
      url: optional(described("Where the whole is, when it is too large.", url)),
      extra,
    }),
    { summaries: ["Alice: Hello", "Bob: Hi"], names: ["Alice", "Bob"], count: 2 },
  ),
  stream: type(
    "RC:StreamMsg",
    ordinary,
    "A text that is still being written; each step modifies the message.",
    object({ text, format: optional(text), isComplete: boolean(), reason: optional(text), extra }),
    { text: "Once upon", isComplete: false },
  ),
  infoNotice: type("RC:InfoNtf", notice, "A grey line of text.", object({ text, extra }), {
    text: "Bob joined",
  }),
  contactNotice: type(
    "RC:ContactNtf",
    notice,
    "Something about a contact: Request, AcceptResponse, RejectResponse.",
    object({ operation: text, sourceUserId: text, targetUserId: text, text: optional(text), extra }),
    { operation: "Request", sourceUserId: "alice", targetUserId: "bob" },
  ),
  profileNotice: type(
    "RC:ProfileNtf",
    notice,
    "Somebody's profile changed.",
    object({ operation: text, data: text, extra }),
    { operation: "Update", data: '{"name":"Bob"}' },
  ),
  groupNotice: type(
    "RC:GrpNtf",
    notice,
    "Something happened to the group: Create, Add, Quit, Kicked, Rename, Dismiss, Bulletin…",
    object({ operatorUserId: text, operation: text, data: text, text: optional(text), extra }),
    { operatorUserId: "alice", operation: "Rename", data: '{"name":"Lunch"}' },
  ),
  commandNotice: type(
    "RC:CmdNtf",
    notice,
    "A command to apps that history keeps.",
    object({ name: text, data: text }),
    { name: "refresh", data: "{}" },
  ),
  command: type(
    "RC:CmdMsg",
    command,
    "A command to apps that are online, kept nowhere.",
    object({ name: text, data: text }),
    { name: "refresh", data: "{}" },
  ),
};

export type MessageTypeName = keyof typeof messageTypes;

type Of<S> = S extends Schema<infer T> ? T : never;

/** The content of a built-in type. */
export type ContentOf<Name extends MessageTypeName> = Of<(typeof messageTypes)[Name]["content"]>;

/** How a send that says nothing about it is treated. */
export const flagsOf = (name: string): Flags =>
  Object.hasOwn(messageTypes, name) ? messageTypes[name as MessageTypeName] : ordinary;
