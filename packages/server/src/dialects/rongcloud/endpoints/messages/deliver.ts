/** The same kind of message to many receivers. */

import type { Core } from "../../../../core/core.ts";
import type { Speech, SpokenAs } from "../../../../core/messages/speak.ts";
import { speakToMany } from "../../../../core/messages/speak-to-many.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { assertFits, type Said, senderDataOf, speechOf, toUids } from "./sending.ts";
import { fill, fillContent } from "./templates.ts";

export async function deliver(
  core: Core,
  as: SpokenAs,
  toUserIds: readonly string[],
  speechFor: (index: number) => Speech,
) {
  return toUids("userId", toUserIds, await speakToMany(core, as, toUserIds, speechFor));
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
  as: SpokenAs,
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
  return deliver(core, as, ids, (index) => (wanted[index] as (typeof wanted)[number]).speech);
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
