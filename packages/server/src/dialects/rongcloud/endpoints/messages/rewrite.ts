import type { Core } from "../../../../core/core.ts";
import { changeMessage } from "../../../../core/messages/change-message.ts";
import { ParlanceError } from "../../../../errors.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import type { Target } from "./targets.ts";

interface Rewriting {
  /** In whose name. */
  by: string;
  /** JSON text of an object, as the core holds it. */
  content: string;
  /** As of `ChangeMessage`. */
  after?: number;
}

/** Gives a message another content. Throws 1005 for one that is too long. */
export async function rewrite(
  core: Core,
  { conversation, message }: Target,
  given: Rewriting,
): Promise<void> {
  const change = { conversation, of: message.sentAt, kind: "modify", isByApp: true, ...given } as const;
  await changeMessage(core, change).catch((error) => {
    const isTooLong =
      error instanceof ParlanceError && error.code === "invalidInput" && "message" in error.details;
    throw isTooLong ? new RongcloudRefusal(1005, String(error.details.message)) : error;
  });
}
