/**
 * Texts that come in pieces while somebody, or something, writes them. The first piece is the message; every other one
 * is added to it by a change, so that who comes late reads all there is.
 */

import type { Core } from "../../../../core/core.ts";
import { ParlanceError } from "../../../../errors.ts";
import type { Message } from "../../../../ports/store.ts";
import { parseObject } from "../../content/rest.ts";
import { toCore } from "../../content/to-core.ts";
import { toWire } from "../../content/to-wire.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { rewrite } from "./rewrite.ts";
import { assertAuthor, assertThere, findTarget, type MessageName } from "./targets.ts";

export interface Chunk {
  content: string;
  /** Rises from piece to piece, from 1 on; absent: the next one. */
  seq?: number;
  complete?: boolean;
  [field: string]: unknown;
}

export const streamObjectName = "RC:StreamMsg";

/** Other pieces may come at the same time, to other nodes. */
const mostTries = 8;

/** Of what only the first piece says. */
const firstOnly = ["user", "extra", "mentionedInfo"];

/**
 * Throws 1002 for a piece older than the last one, and after the last; 1005 when all of it is longer than a content may
 * be. The last piece again changes nothing.
 */
export async function appendChunk(core: Core, name: MessageName, chunk: Chunk): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    const target = await findTarget(core, name);
    assertThere(target, name.uid);
    assertAuthor(target, name.userId);
    const content = grown(target.message, chunk);
    if (content === null) return;
    try {
      await rewrite(core, target, { by: name.userId, content, after: target.message.changeSeq ?? 0 });
      return;
    } catch (error) {
      if (!(error instanceof ParlanceError) || error.code !== "tooOld") throw error;
    }
  }
  throw new ParlanceError("unavailable");
}

/** The content with the piece; null: it has it. */
function grown(message: Message, chunk: Chunk): string | null {
  const { objectName, content } = toWire(message);
  if (objectName !== streamObjectName)
    throw new RongcloudRefusal(1002, "content.messageUID is of no stream.");
  const known = parseObject(content) ?? {};
  const last = typeof known.seq === "number" ? known.seq : 0;
  const seq = chunk.seq ?? last + 1;
  if (seq === last) return null;
  if (known.complete === true) throw new RongcloudRefusal(1002, "The stream is complete.");
  if (seq < last) throw new RongcloudRefusal(1002, `content.seq must rise; the last one was ${last}.`);
  const { messageUID: _, ...fields } = chunk;
  const said = Object.fromEntries(Object.entries(fields).filter(([field]) => !firstOnly.includes(field)));
  const text = `${known.content ?? ""}${chunk.content}`;
  const whole = { ...known, ...said, content: text, seq, complete: chunk.complete ?? false };
  return toCore(streamObjectName, JSON.stringify(whole)).content;
}
