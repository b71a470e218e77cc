import { recallBroadcast } from "../../../../core/broadcasts/broadcast.ts";
import { findBroadcast } from "../../../../core/broadcasts/open-broadcast.ts";
import type { Core } from "../../../../core/core.ts";
import { parseMessageUid } from "../../../../core/messages/message-uid.ts";
import { ParlanceError } from "../../../../errors.ts";
import { RongcloudRefusal } from "../../refusal.ts";

export interface Recall {
  fromUserId: string;
  messageUID: string;
  isAdmin?: boolean;
  isDelete?: boolean;
}

const unknownUid = () =>
  new RongcloudRefusal(1002, "messageUID is not that of a broadcast by fromUserId, or of one that is gone.");

/** Recalled already counts as done. Throws 1002 for what fromUserId told nobody. */
export async function recall(core: Core, { fromUserId, messageUID, isAdmin, isDelete }: Recall) {
  const uid = parseMessageUid(messageUID);
  const conversation = uid && (await findBroadcast(core, fromUserId));
  if (!uid || !conversation || !uid.isOf(conversation.id)) throw unknownUid();
  await recallBroadcast(core, {
    sender: fromUserId,
    sentAt: uid.sentAt,
    isDelete: isDelete === true,
    isByApp: isAdmin === true,
  }).catch((error) => {
    throw error instanceof ParlanceError && error.code === "messageNotFound" ? unknownUid() : error;
  });
}

const isYes = (value: unknown): boolean => value === true || value === "true" || Number(value) === 1;

/** What the old form says: a broadcast of type RC:RcCmd. Spellings differ between documents. */
export function readCommand(fromUserId: string, content: string): Recall {
  let fields: unknown;
  try {
    fields = JSON.parse(content);
  } catch {
    fields = null;
  }
  const given = new Map(
    typeof fields === "object" && fields !== null
      ? Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value as unknown] as const)
      : [],
  );
  const messageUID = given.get("messageuid");
  if (typeof messageUID !== "string")
    throw new RongcloudRefusal(1002, "content of RC:RcCmd must be a JSON object that holds messageUId.");
  return {
    fromUserId,
    messageUID,
    isAdmin: isYes(given.get("isadmin")),
    isDelete: isYes(given.get("isdelete")),
  };
}
