import { ParlanceError } from "../../errors.ts";
import type { Core } from "../core.ts";
import { foldText } from "./fold-text.ts";
import { screenedTexts } from "./screened-texts.ts";
import type { WordAutomaton } from "./word-automaton.ts";

export interface Said {
  /** Whether somebody's client says it; otherwise a back end does. */
  isByClient?: boolean;
  type: string;
  /** JSON text of an object. */
  content: string;
}

export interface Screened {
  /** What others see, and what is stored. */
  content: string;
  /** What its author wrote; absent: the same. */
  original?: string;
}

/** Back ends may write what they like, unless the app wants otherwise. */
export const isScreened = (core: Core, { isByClient }: Pick<Said, "isByClient">): boolean =>
  isByClient === true || core.settings.filterServerMessages;

/** Null: `screenContent` may be asked. Rejects with `unavailable` when the app's words can't be read. */
export const readyToScreen = (core: Core, said: Pick<Said, "isByClient">): Promise<void> | null =>
  isScreened(core, said) ? core.words.ready() : null;

/** What becomes of a content by the app's words. Throws `blockedBySensitiveWord`. */
export function screenContent(core: Core, said: Said): Screened {
  const { type, content } = said;
  const { words } = core.words;
  const fields = Object.hasOwn(screenedTexts, type) ? screenedTexts[type] : undefined;
  if (words === null || fields === undefined || !isScreened(core, said)) return { content };
  const parts = JSON.parse(content) as Record<string, unknown>;
  let isReplaced = false;
  for (const field of fields) {
    const text = parts[field];
    const screened = Array.isArray(text)
      ? text.map((one) => screenText(words, one))
      : screenText(words, text);
    isReplaced ||= Array.isArray(text)
      ? text.some((one, at) => one !== (screened as unknown[])[at])
      : screened !== text;
    parts[field] = screened;
  }
  return isReplaced ? { content: JSON.stringify(parts), original: content } : { content };
}

function screenText(words: WordAutomaton, text: unknown): unknown {
  if (typeof text !== "string") return text;
  const folded = foldText(text);
  switch (words.judge(folded)) {
    case "block":
      throw new ParlanceError("blockedBySensitiveWord");
    case "replace":
      return replaceWords(words, text, folded);
    default:
      return text;
  }
}

/** A word that is half of a letter takes all of it. */
function replaceWords(words: WordAutomaton, text: string, folded: ReturnType<typeof foldText>): string {
  let result = "";
  let copied = 0;
  for (const { start, end, replaceWith } of words.find(folded)) {
    const [from, to] = [folded.starts[start] as number, folded.ends[end - 1] as number];
    if (from < copied) continue;
    result += text.slice(copied, from) + replaceWith;
    copied = to;
  }
  return result + text.slice(copied);
}
