import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import type { SendCheck } from "../messages/permit-send.ts";
import type { KnownRules } from "./rules-cache.ts";

/** Who is muted here, or in every group, may not write; nor may, while the group is muted, who isn't exempt from that. */
export const notMutedInGroup: SendCheck = (core, { conversation, senderId }) =>
  permitWriting(core, conversation, senderId);

/**
 * Whether a client may write in a conversation, or change what is written there. Null: it may, and nothing had to be
 * looked up. Throws, or rejects with, `muted`.
 */
export function permitWriting(core: Core, conversation: Conversation, userId: string): Promise<void> | null {
  if (conversation.kind !== "group") return null;
  const { groupRules } = core;
  const everywhere = groupRules.peek(null);
  const here = groupRules.peek(conversation.key);
  if (everywhere !== undefined && here !== undefined) {
    judge(userId, everywhere, here);
    return null;
  }
  const loaded = Promise.all([groupRules.load(null), groupRules.load(conversation.key)]);
  return loaded.then(([anywhere, inThis]) => judge(userId, anywhere, inThis));
}

/** A mute of one person is meant for them: no exemption from the group's lifts it. */
function judge(userId: string, everywhere: KnownRules, here: KnownRules): void {
  const isMuted =
    isNamed(userId, everywhere) || isNamed(userId, here) || (here.isMuted && !here.exempt.has(userId));
  if (isMuted) throw new ParlanceError("muted");
}

function isNamed(userId: string, { mutes }: KnownRules): boolean {
  const until = mutes.get(userId);
  return until === null || (until !== undefined && until > Date.now());
}
