import type { Conversation } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { readyToScreen, screenContent } from "../moderation/screen-content.ts";
import { checkRecipients } from "./addressing.ts";
import { assertMessageSize } from "./send-message.ts";

export interface SendSignal {
  conversation: Conversation;
  /** Null: the app itself. */
  senderId: string | null;
  senderData: string | null;
  type: string;
  /** JSON text of an object. */
  content: string;
  toUserIds?: string[];
  /** The sender's devices are told as well. */
  isForSender?: true;
  /** Somebody's client sends it: the app's sensitive words hold. */
  isByClient?: boolean;
}

/**
 * Tells those who listen now, but the sender: that somebody types, where somebody is, a message that is not to be kept. It
 * has no `seq`, is nowhere stored, and nobody hears of it later. Rates are the connection's. Throws `invalidInput`,
 * `blockedBySensitiveWord`; where the words have to be read first, what they forbid is dropped without a word.
 */
export function sendSignal(core: Core, input: SendSignal): void {
  const { conversation, toUserIds } = input;
  assertMessageSize(core, input.content);
  if (toUserIds !== undefined) checkRecipients(conversation, toUserIds);
  const pending = readyToScreen(core, input);
  if (pending === null) tell(core, input);
  else pending.then(() => tell(core, input)).catch(() => {});
}

function tell(core: Core, input: SendSignal): void {
  const { isByClient: _, ...signal } = input;
  const { content } = screenContent(core, input);
  core.publish({ kind: "signalSent", ...signal, content, at: Date.now() });
}
