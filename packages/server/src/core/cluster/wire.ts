/**
 * What routers say to each other. `from` is the sender's node id. Everybody hears the subject `nodes`; a node hears its
 * own subject and those of the large conversations it takes there. Nodes of one cluster may be of two versions for
 * the length of a rolling restart: a change of these shapes needs other subjects.
 */

import type { CoreEvent } from "../events.ts";
import type { InterestChange } from "./interest.ts";
import type { OwnInterest } from "./own-interest.ts";

export const nodesSubject = "nodes";
export const nodeSubject = (nodeId: string): string => `node.${nodeId}`;
export const keySubject = (key: number): string => `large.${key.toString(36)}`;

/** On `nodes`: "my interest went from version `base` to `version`". */
export interface Announced extends InterestChange {
  kind: "announced";
  from: string;
  base: number;
  version: number;
}

/** On `nodes`, every second: "I am here; my interest is this". */
export interface Beat {
  kind: "beat";
  from: string;
  version: number;
  digest: number;
  /** Send me everything: my interest is too large to be told. */
  isAll: boolean;
  /** Keys of conversations that many here hear, and how many. */
  crowds: [key: number, listeners: number][];
}

/** On `nodes`: "I stop, and have published my last". */
export interface Left {
  kind: "left";
  from: string;
}

/** On the subject of a node: "tell me your whole interest". */
export interface Asked {
  kind: "asked";
  from: string;
}

/** On the subject of who asked, in parts that all carry the same version. Keys are base64 of 32-bit numbers. */
export interface Told {
  kind: "told";
  from: string;
  version: number;
  part: number;
  parts: number;
  isAll: boolean;
  direct: string;
  own: string;
}

/**
 * On the subject of a node: "whatever I publish from now on and your interest of this version wants, I send you".
 * `relation` is another one whenever I had forgotten you in between; `isWhole` says that I had published nothing
 * before it began.
 */
export interface Confirmed {
  kind: "confirmed";
  from: string;
  version: number;
  relation: number;
  isWhole: boolean;
}

/** On the subject of a node, or of a key: an event of an app. */
export interface Routed {
  kind: "event";
  app: number;
  event: CoreEvent;
  /** On the subject of a key: nodes that are sent it on their own subject instead. */
  but?: string[];
}

export type RouterMessage = Announced | Beat | Left | Asked | Told | Confirmed | Routed;

/** So many keys travel in one part: some 90 kB. */
const keysAPart = 16_384;

const pack = (keys: number[]): string => Buffer.from(Uint32Array.from(keys).buffer).toString("base64");

export const unpack = (text: string): Uint32Array => {
  const bytes = Buffer.from(text, "base64");
  const keys = new Uint32Array(Math.floor(bytes.length / 4));
  for (let at = 0; at < keys.length; at++) keys[at] = bytes.readUInt32LE(at * 4);
  return keys;
};

export function tellWhole(
  from: string,
  { version, isAll, announced }: Pick<OwnInterest, "version" | "isAll" | "announced">,
): Told[] {
  const direct = [...announced.directKeys()];
  const own = [...announced.ownKeys()];
  const parts = Math.max(1, Math.ceil(Math.max(direct.length, own.length) / keysAPart));
  return Array.from({ length: parts }, (_, part) => {
    const slice = (keys: number[]) => pack(keys.slice(part * keysAPart, (part + 1) * keysAPart));
    return { kind: "told", from, version, part, parts, isAll, direct: slice(direct), own: slice(own) };
  });
}
