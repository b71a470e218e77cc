import type { ParamsOf, ResultOf } from "@parlance/protocol";
import { type ChangeMessage, changeMessage } from "../../../core/messages/change-message.ts";
import { findMessage } from "../../../core/messages/find-message.ts";
import { assertKeys, assertKeyValues } from "../../../core/messages/message-keys.ts";
import { permitSend } from "../../../core/messages/permit-send.ts";
import { ParlanceError } from "../../../errors.ts";
import type { Connection } from "../../../gateway/connection.ts";
import { readable } from "../conversations.ts";
import { Refusal } from "../refusal.ts";
import { type Call, write } from "./method.ts";
import { sizedText } from "./send.ts";

type Target = ParamsOf<"message.get">;
type Changed = ResultOf<"message.recall">;
type What = Pick<ChangeMessage, "kind" | "content" | "keys" | "removedKeys">;

/** Who may not write there now may take back what they said, and nothing else. */
const saysSomething: ReadonlySet<What["kind"]> = new Set(["modify", "setKeys", "removeKeys"]);

async function change(
  connection: Connection,
  { conversation: ref, sentAt: of }: Target,
  what: What,
): Promise<Changed> {
  if (ref.kind === "system") throw new Refusal("notAllowed");
  const { core, user } = connection;
  const conversation = await readable(connection, ref);
  const by = user.userId;
  if (saysSomething.has(what.kind)) await permitSend(core, { conversation, senderId: by });
  const made = await changeMessage(core, { conversation, of, by, isByClient: true, ...what }).catch(
    asNotYours,
  );
  if (made) return { seq: made.seq, sentAt: made.sentAt };
  // It was so already: another device, or the same call whose reply was lost.
  const { seq, changeSeq = seq, sentAt } = await findMessage(core, conversation, of, by);
  return { seq: changeSeq, sentAt };
}

function asNotYours(error: unknown): never {
  if (error instanceof ParlanceError && error.code === "notAllowed") throw new Refusal("notYours");
  throw error;
}

const recall = ({ connection }: Call, { isDelete = false, ...target }: ParamsOf<"message.recall">) =>
  change(connection, target, { kind: isDelete ? "delete" : "recall" });

async function modify({ connection }: Call, { content, ...target }: ParamsOf<"message.modify">) {
  return change(connection, target, { kind: "modify", content: sizedText(connection, content) });
}

async function setKeys({ connection }: Call, { keys, ...target }: ParamsOf<"message.setKeys">) {
  assertKeyValues(keys);
  return change(connection, target, { kind: "setKeys", keys }).catch((error) => {
    // The keys are good one by one: it is their number.
    if (error instanceof ParlanceError && error.code === "invalidInput") throw new Refusal("tooManyKeys");
    throw error;
  });
}

async function removeKeys({ connection }: Call, { keys, ...target }: ParamsOf<"message.removeKeys">) {
  assertKeys("keys", keys);
  return change(connection, target, { kind: "removeKeys", removedKeys: keys });
}

export const changeMethods = [
  write("message.recall", recall),
  write("message.modify", modify),
  write("message.setKeys", setKeys),
  write("message.removeKeys", removeKeys),
];
