import { ParlanceError } from "../../errors.ts";
import type { Conversation, Micros } from "../../ports/store.ts";
import type { Change, Changed, ChangeKind } from "../../ports/store-entries.ts";
import type { Core } from "../core.ts";
import { isScreened, readyToScreen, screenContent } from "../moderation/screen-content.ts";
import { onceKnown } from "../once-known.ts";
import { findMessage } from "./find-message.ts";
import { assertKeys, assertKeyValues } from "./message-keys.ts";
import { assertClientId, assertMessageSize } from "./send-message.ts";

export interface ChangeMessage {
  conversation: Conversation;
  /** `sentAt` of the message. */
  of: Micros;
  kind: ChangeKind;
  /** Null: the app itself, which may do everything. */
  by: string | null;
  clientId?: string;
  /** For `modify`: JSON text of an object. */
  content?: string;
  /** For `setKeys`. */
  keys?: Record<string, string>;
  /** For `removeKeys`. */
  removedKeys?: string[];
  /** `seq` of the change that must be the message's last; 0: it has none. */
  after?: number;
  /** The app does it in the name of `by`, and answers for it: no permission is asked. */
  isByApp?: true;
  /** Who isn't told at once. */
  untoldId?: string;
  /** Somebody's client does it: the app's sensitive words hold for what it modifies. */
  isByClient?: boolean;
}

/** What people may do, besides being members: `author` with their own messages, `member` with every one they see. */
const allowed: Record<ChangeKind, "app" | "author" | "member"> = {
  recall: "author",
  delete: "author",
  modify: "author",
  setKeys: "member",
  removeKeys: "member",
  hide: "app",
  show: "app",
};

/**
 * Resolves when the change is on disk and listeners are being told, with the change; null when it was so already, and
 * then nobody is told. Whether `by` belongs to the conversation is asked before (`isAdmitted`). Throws `messageNotFound`,
 * also for a message that is recalled or for others only; `notAllowed`; `invalidInput`; `blockedBySensitiveWord`;
 * `tooOld` (see `after`); `conversationNotFound`; `unavailable` (nothing changed); and `outcomeUnknown`: should it turn out to be
 * stored, listeners are told then.
 */
export async function changeMessage(core: Core, wanted: ChangeMessage): Promise<Change | null> {
  const { conversation, of, kind, by } = wanted;
  assertInput(core, wanted);
  if (by !== null && !wanted.isByApp) {
    // Who wrote it and who sees it never changes; what does is looked at where it is changed.
    const message = await findMessage(core, conversation, of, by);
    const isAuthor = message.senderId === by;
    const isAllowed = allowed[kind] === "member" || (allowed[kind] === "author" && isAuthor);
    if (!isAllowed) throw new ParlanceError("notAllowed");
  }
  const input = kind === "modify" ? await screened(core, wanted) : wanted;
  const { conversation: _, isByApp: __, untoldId: ___, isByClient: ____, ...change } = input;
  let changed: Changed | null;
  try {
    changed = await core.store.change({ ...change, conversationId: conversation.id });
  } catch (error) {
    onceKnown(error, (late: Changed) => announce(core, input, late));
    throw error;
  }
  return announce(core, input, changed);
}

/** With the content as the app's words leave it. */
async function screened(core: Core, input: ChangeMessage): Promise<ChangeMessage> {
  const { conversation, of, isByClient = false, content = "{}" } = input;
  const pending = readyToScreen(core, { isByClient });
  if (pending !== null) await pending;
  if (core.words.words === null || !isScreened(core, { isByClient })) return input;
  const { type } = await findMessage(core, conversation, of);
  const after = screenContent(core, { type, content, isByClient });
  assertMessageSize(core, after.content);
  return { ...input, content: after.content };
}

function announce(core: Core, input: ChangeMessage, changed: Changed | null): Change | null {
  if (changed === null || changed.isRepeat) return changed?.change ?? null;
  const { conversation, by, kind, untoldId } = input;
  const untold = untoldId === undefined ? {} : { untoldId };
  core.publish({ kind: "messageChanged", conversation, change: changed.change, ...untold });
  core.log.info(
    { user: by, conversation: conversation.key, seq: changed.change.ofSeq, change: kind },
    "message changed",
  );
  return changed.change;
}

function assertInput(core: Core, { kind, clientId, content, keys, removedKeys }: ChangeMessage): void {
  assertClientId(clientId);
  if (kind === "modify") {
    if (content === undefined) throw new ParlanceError("invalidInput", { content: "It is missing." });
    assertMessageSize(core, content);
  }
  if (kind === "setKeys") assertKeyValues(keys ?? {});
  if (kind === "removeKeys") assertKeys("removedKeys", removedKeys ?? []);
}
