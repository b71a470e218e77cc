/**
 * What the built-in types are on either side. A field that isn't named here has no counterpart in the core and travels
 * with the message as it is (`rest.ts`).
 */

import type { MessageTypeName } from "@parlance/protocol";
import { type Field, flag, list, needed, number, or, text, whole } from "./fields.ts";

export interface BuiltIn {
  objectName: string;
  type: MessageTypeName;
  fields: readonly Field[];
}

const row = (objectName: string, type: MessageTypeName, ...fields: Field[]): BuiltIn => ({
  objectName,
  type,
  fields,
});

const extra = text("extra");
const name = text("name");
const size = whole("size");
const seconds = or(0, whole("duration", "seconds"));

const combined = [
  or([], list("summaryList", "summaries")),
  or([], list("nameList", "names")),
  or(1, whole("msgNum", "count")),
  text("remoteUrl", "url"),
  extra,
];

/** Of two names for one core type the first is what the core's own messages are called on the wire. */
export const builtIns: readonly BuiltIn[] = [
  row("RC:TxtMsg", "text", needed(text("content", "text")), extra),
  row("RC:ImgMsg", "image", needed(text("imageUri", "url")), text("content", "thumbnail"), size, name, extra),
  row(
    "RC:GIFMsg",
    "gif",
    needed(text("remoteUrl", "url")),
    whole("gifDataSize", "size"),
    whole("width"),
    whole("height"),
    name,
    extra,
  ),
  row("RC:HQVCMsg", "voice", needed(text("remoteUrl", "url")), seconds, size, name, extra),
  row("RC:VcMsg", "voiceInline", needed(text("content", "data")), seconds, extra),
  row(
    "RC:FileMsg",
    "file",
    needed(text("fileUrl", "url")),
    or("file", name),
    or(0, size),
    text("type", "mediaType"),
    extra,
  ),
  row(
    "RC:SightMsg",
    "video",
    needed(text("sightUrl", "url")),
    seconds,
    text("content", "thumbnail"),
    size,
    name,
    extra,
  ),
  row(
    "RC:LBSMsg",
    "location",
    needed(number("latitude")),
    needed(number("longitude")),
    text("poi", "name"),
    text("content", "thumbnail"),
    extra,
  ),
  row(
    "RC:ImgTextMsg",
    "card",
    or("", text("title")),
    or("", text("content", "text")),
    text("imageUri", "imageUrl"),
    text("url"),
    extra,
  ),
  row("RC:ReferenceMsg", "quote", needed(text("content", "text")), extra),
  row("RC:CombineV2Msg", "combine", ...combined),
  row("RC:CombineMsg", "combine", ...combined),
  row(
    "RC:StreamMsg",
    "stream",
    needed(text("content", "text")),
    text("type", "format"),
    or(false, flag("complete", "isComplete")),
    text("completeReason", "reason"),
    extra,
  ),
  row("RC:InfoNtf", "infoNotice", needed(text("message", "text")), extra),
  row(
    "RC:ContactNtf",
    "contactNotice",
    needed(text("operation")),
    or("", text("sourceUserId")),
    or("", text("targetUserId")),
    text("message", "text"),
    extra,
  ),
  row("RC:ProfileNtf", "profileNotice", needed(text("operation")), or("", text("data")), extra),
  row(
    "RC:GrpNtf",
    "groupNotice",
    or("", text("operatorUserId")),
    needed(text("operation")),
    or("", text("data")),
    text("message", "text"),
    extra,
  ),
  row("RC:CmdNtf", "commandNotice", needed(name), or("", text("data"))),
  row("RC:CmdMsg", "command", needed(name), or("", text("data"))),
];

export const byObjectName: ReadonlyMap<string, BuiltIn> = new Map(
  builtIns.map((builtIn) => [builtIn.objectName, builtIn]),
);

export const byType: ReadonlyMap<string, BuiltIn> = new Map(
  builtIns.toReversed().map((builtIn) => [builtIn.type, builtIn]),
);

/** Sent to whoever is online now, whatever the send says: nobody wants to hear of them later. */
export const statusTypes: ReadonlySet<string> = new Set([
  "RC:TypSts",
  "RC:ReadNtf",
  "RC:RRReqMsg",
  "RC:RRRspMsg",
  "RC:SRSMsg",
]);
