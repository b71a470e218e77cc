/** The message that may come with a change of a group: sent by the same call, and only if the change is made. */

import { flagsOf } from "@parlance/protocol";
import type { GroupNotice } from "../../../../core/groups/change-group.ts";
import { toCore } from "../../content/to-core.ts";
import { flag, optional, text, type Wire } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";

export const noticeParams = {
  bindNotifyMsg: optional(
    flag({
      description:
        "1: the message that the parameters from `fromUserId` on describe is sent to the group by this call.",
    }),
  ),
  fromUserId: optional(text({ maxBytes: 64, description: "Who sends it; required with bindNotifyMsg." })),
  objectName: optional(text({ maxBytes: 64, description: "Its type; required with bindNotifyMsg." })),
  content: optional(text({ description: "JSON text; required with bindNotifyMsg. At most 128 KB." })),
  isPersisted: optional(
    flag({ description: "0, if absent: only those who are online get it. 1: it is kept." }),
  ),
  isIncludeSender: optional(flag({ description: "1: the sender's own devices get it, too. 0 if absent." })),
  pushContent: optional(text({ description: "As of a message." })),
  pushData: optional(text({ description: "As of a message." })),
  pushExt: optional(text({ description: "As of a message." })),
};

export const noticeNotes = [
  "With `bindNotifyMsg` the message is part of the call: both happen or neither does, also when the server is killed. " +
    "Those who join get it as their first message; those who leave get it if they are online, as their last.",
];

type NoticeParams = { [Name in keyof typeof noticeParams]?: Wire<typeof noticeParams>[Name] };

/** Undefined: none is wanted. Throws 1002 for a part that is missing, and what `toCore` throws. */
export function noticeOf(params: NoticeParams): { notice?: GroupNotice } {
  if (!params.bindNotifyMsg) return {};
  const { fromUserId, objectName, content } = params;
  for (const [name, value] of Object.entries({ fromUserId, objectName, content }))
    if (!value) throw new RongcloudRefusal(1002, `The parameter ${name} is required with bindNotifyMsg.`);
  const { isStatus, mentions, ...said } = toCore(objectName as string, content as string);
  const notice: GroupNotice = {
    senderId: fromUserId as string,
    type: said.type,
    content: said.content,
    isCounted: flagsOf(said.type).isCounted,
    isStored: params.isPersisted === true && !isStatus,
  };
  if (!params.isIncludeSender) notice.isHiddenFromSender = true;
  if (mentions) notice.mentions = mentions;
  return { notice };
}
