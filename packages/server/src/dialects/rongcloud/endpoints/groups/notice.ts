/** The message that may come with a change of a group: sent by the same call, and only if the change is made. */

import type { Core } from "../../../../core/core.ts";
import type { Speech } from "../../../../core/messages/speak.ts";
import { mostContentBytes } from "../../content/to-core.ts";
import { flag, optional, text } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { type PushParams, pushParams } from "../messages/push-wish.ts";
import { includeSender, readSpeech } from "../messages/sending.ts";

const { pushContent, pushData, pushExt } = pushParams;

export const noticeParams = {
  bindNotifyMsg: optional(
    flag({
      description:
        "1: the message that the parameters from `fromUserId` on describe is sent to the group by this call.",
    }),
  ),
  fromUserId: optional(text({ maxBytes: 64, description: "Who sends it; required with bindNotifyMsg." })),
  objectName: optional(text({ maxLength: 32, description: "Its type; required with bindNotifyMsg." })),
  content: optional(
    text({ maxBytes: mostContentBytes, description: "JSON text; required with bindNotifyMsg." }),
  ),
  isPersisted: optional(
    flag({ description: "0, if absent: only those who are online get it. 1: it is kept." }),
  ),
  ...includeSender,
  pushContent,
  pushData,
  pushExt,
};

export const noticeNotes = [
  "With `bindNotifyMsg` the message is part of the call: when it is kept, both happen or neither does, also when the server is killed. " +
    "Those who join get it as their first message; those who leave get it if they are online, as their last.",
];

interface NoticeParams extends PushParams {
  bindNotifyMsg?: boolean;
  fromUserId?: string;
  objectName?: string;
  content?: string;
  isPersisted?: boolean;
  isIncludeSender?: boolean;
}

/** Nothing when none is wanted. Throws 1002 for a part that is missing, and what `readSpeech` throws. */
export async function noticeOf(
  core: Core,
  { bindNotifyMsg, isPersisted = false, ...said }: NoticeParams,
): Promise<{ notice?: Speech }> {
  if (!bindNotifyMsg) return {};
  const { fromUserId, objectName, content } = said;
  if (!fromUserId || !objectName || !content) {
    const name = fromUserId ? (objectName ? "content" : "objectName") : "fromUserId";
    throw new RongcloudRefusal(1002, `The parameter ${name} is required with bindNotifyMsg.`);
  }
  const { pushContent: words, pushData: data, pushExt: ext, isIncludeSender } = said;
  const push = {
    ...(words && { pushContent: words }),
    ...(data && { pushData: data }),
    ...(ext && { pushExt: ext }),
  };
  const sender = isIncludeSender === undefined ? {} : { isIncludeSender };
  return {
    notice: await readSpeech(core, { fromUserId, objectName, content, isPersisted, ...sender, ...push }),
  };
}
