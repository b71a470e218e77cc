/** The same kind of message to many receivers. */

import type { Core } from "../../../../core/core.ts";
import { type Speech, type Spoken, speakAsApp, speakToUser } from "../../../../core/messages/speak.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { assertFits, type Said, senderDataOf, speechOf, toUids } from "./sending.ts";
import { fill, fillContent } from "./templates.ts";

export type Speak = (core: Core, toUserId: string, speech: Speech) => Promise<Spoken>;

export const speakers = { direct: speakToUser, system: speakAsApp } as const;

/** Characters of content on the way to the disk at once. */
const mostAtOnce = 8 * 1024 * 1024;

/** Many share a commit; very large ones wait for each other. */
export async function deliver(
  core: Core,
  speak: Speak,
  toUserIds: readonly string[],
  speechFor: (index: number) => Speech,
) {
  const spoken: Spoken[] = [];
  while (spoken.length < toUserIds.length) {
    const first = spoken.length;
    const size = speechFor(first).content.length;
    const slice = toUserIds.slice(first, first + Math.max(8, Math.floor(mostAtOnce / (size + 256))));
    spoken.push(...(await Promise.all(slice.map((id, index) => speak(core, id, speechFor(first + index))))));
  }
  return toUids("userId", toUserIds, spoken);
}

export interface Template extends Omit<Said, "pushContent" | "pushData" | "pushExt"> {
  toUserId: string[];
  values: Record<string, unknown>[];
  pushContent?: string[];
  pushData?: string[];
  pushExt?: unknown[];
}

/** Characters of all contents together. */
const mostFilled = 32 * 1024 * 1024;

/** Nobody gets anything unless everybody's is a message. Throws 1002, 1005. */
export async function deliverFilled(
  core: Core,
  speak: Speak,
  template: Template,
  isWanted: (id: string) => boolean,
) {
  const { toUserId, values, pushContent, pushData, pushExt, ...said } = template;
  for (const [name, list] of Object.entries({ values, pushContent, pushData, pushExt }))
    if (list !== undefined && list.length > 0 && list.length !== toUserId.length)
      throw new RongcloudRefusal(1002, `${name} must have as many entries as toUserId.`);
  let filled = 0;
  const senderData = await senderDataOf(core, said.fromUserId);
  const all = toUserId.map((id, index) => {
    const own = values[index] ?? {};
    const push: Partial<Said> = {};
    if (pushContent?.[index]) push.pushContent = fill(pushContent[index], own);
    if (pushData?.[index]) push.pushData = fill(pushData[index], own);
    const ext = pushExt?.[index];
    if (ext) push.pushExt = readExt(ext);
    const content = fillContent(said.content, own);
    assertFits(core, content);
    const speech = speechOf({ ...said, ...push, content });
    filled += speech.content.length;
    if (filled > mostFilled)
      throw new RongcloudRefusal(1005, "The contents are too large together; send to fewer at once.");
    return { id, speech: { ...speech, senderData } };
  });
  const wanted = all.filter(({ id }) => isWanted(id));
  const ids = wanted.map(({ id }) => id);
  return deliver(core, speak, ids, (index) => (wanted[index] as (typeof wanted)[number]).speech);
}

function readExt(ext: unknown): NonNullable<Said["pushExt"]> {
  let value = ext;
  try {
    if (typeof ext === "string") value = JSON.parse(ext);
  } catch {
    // Refused below.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new RongcloudRefusal(1002, "Each of pushExt must be a JSON object.");
  return value as NonNullable<Said["pushExt"]>;
}
