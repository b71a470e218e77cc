import { recallBroadcast } from "../../../../core/broadcasts/broadcast.ts";
import type { Core } from "../../../../core/core.ts";
import { ParlanceError } from "../../../../errors.ts";
import { RongcloudRefusal } from "../../refusal.ts";

export interface Recall {
  fromUserId: string;
  messageUID: string;
  isAdmin?: boolean;
  isDelete?: boolean;
}

/** Recalled already counts as done. Throws 1002 for what fromUserId told nobody. */
export async function recall(core: Core, { fromUserId, messageUID: uid, isAdmin, isDelete }: Recall) {
  const target = { fromUserId, uid, isAnybodys: isAdmin === true, isDelete: isDelete === true };
  await recallBroadcast(core, target).catch((error) => {
    if (!(error instanceof ParlanceError && error.code === "messageNotFound")) throw error;
    throw new RongcloudRefusal(
      1002,
      "messageUID is not that of a broadcast by fromUserId, or of one that is gone.",
    );
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
