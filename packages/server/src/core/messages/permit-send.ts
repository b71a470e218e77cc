import type { Conversation } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { notMutedInGroup } from "../groups/permit-writing.ts";
import { readyToScreen } from "../moderation/screen-content.ts";
import { checkDirect } from "../users/direct-rules.ts";

/** Where somebody's client wants to say something, whatever it is. What a back end sends is not asked about. */
export interface WantedSend {
  conversation: Conversation;
  senderId: string;
}

/**
 * One reason why a client may not say something: a mute, a list of whom one doesn't want to hear. Throws `ParlanceError`.
 * Each is asked about every message: it answers from memory (null) unless there is something to look up.
 */
export type SendCheck = (core: Core, wanted: WantedSend) => Promise<void> | null;

/** In the order in which they are asked; the first to refuse names the reason. */
const checks: readonly SendCheck[] = [
  checkDirect,
  notMutedInGroup,
  // The words are looked for where the message is sent, which can't wait for them without losing its place.
  (core) => readyToScreen(core, { isByClient: true }),
];

/**
 * Whether a client that is admitted to a conversation may say this there now. Null: nothing had to be looked up, and it
 * may; sends of one connection keep their order by that. Throws, or rejects with, `ParlanceError`.
 */
export function permitSend(core: Core, wanted: WantedSend): Promise<void> | null {
  for (const [index, check] of checks.entries()) {
    const pending = check(core, wanted);
    if (pending !== null)
      return checks
        .slice(index + 1)
        .reduce<Promise<void>>((before, next) => before.then(() => next(core, wanted) ?? undefined), pending);
  }
  return null;
}
