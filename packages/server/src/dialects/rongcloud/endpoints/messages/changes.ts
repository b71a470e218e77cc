import type { Core } from "../../../../core/core.ts";
import { changeMessage } from "../../../../core/messages/change-message.ts";
import { mostContentBytes, toCore } from "../../content/to-core.ts";
import { toWire } from "../../content/to-wire.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { flag, groupId, optional, text, userId, wholeNumber } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { rewrite } from "./rewrite.ts";
import { assertAuthor, assertThere, conversationTypes, findTarget, type MessageName } from "./targets.ts";

const uid = text({ maxLength: 64, description: "The message's uid." });

const modifyParams = {
  fromUserId: userId,
  msgUID: uid,
  content: text({ maxBytes: mostContentBytes, description: "What it says from now on." }),
  objectName: optional(text({ maxLength: 32, description: "The message's type, which stays as it is." })),
};

interface Modification {
  fromUserId: string;
  content: string;
  objectName?: string;
}

async function modify(core: Core, name: MessageName, { fromUserId, content, objectName }: Modification) {
  const target = await findTarget(core, name);
  assertThere(target, name.uid);
  assertAuthor(target, fromUserId);
  const { message } = target;
  const known = toWire(message).objectName;
  if (objectName && objectName !== known)
    throw new RongcloudRefusal(1002, `The type of the message is ${known} and stays so.`);
  const said = toCore(known, content);
  if (said.type !== message.type)
    throw new RongcloudRefusal(1002, "A message of this type can't be modified.");
  await rewrite(core, target, { by: fromUserId, content: said.content });
}

export const changeRows: readonly RongcloudRow[] = [
  row({
    path: "/message/recall.json",
    summary: "Take a message back.",
    notes: [
      "Nothing of its content is left. Whoever has it sees that it was taken back, or with isDelete nothing at all.",
      "Only messages of fromUserId, unless isAdmin says that somebody else may. There is no time limit.",
      "sentTime, extra, disablePush and disableUpdateLastMsg are accepted and change nothing: a message is found by its uid, and nobody is notified of a recall.",
    ],
    params: {
      fromUserId: userId,
      conversationType: wholeNumber({ description: "1 direct, 3 group, 4 chatroom, 6 system." }),
      targetId: text({ maxBytes: 64, description: "The other user's id, the group's or the chatroom's." }),
      messageUID: uid,
      sentTime: optional(text({ maxLength: 20 })),
      isAdmin: optional(flag({ description: "An administrator takes it back, whoever sent it." })),
      isDelete: optional(flag({ description: "No notice is left in its place." })),
      disablePush: optional(flag()),
      extra: optional(text({ maxBytes: 4096 })),
      disableUpdateLastMsg: optional(flag()),
    },
    example: {
      params: {
        fromUserId: "alice",
        conversationType: 1,
        targetId: "bob",
        messageUID: "5FGT-7VA9-G4DD-4V5P",
      },
    },
    async run(core, { fromUserId, conversationType, targetId, messageUID, isAdmin, isDelete }) {
      const target = await findTarget(core, {
        conversationType,
        userId: fromUserId,
        targetId,
        uid: messageUID,
      });
      if (!isAdmin) assertAuthor(target, fromUserId, ", or isAdmin 1");
      const { conversation, message } = target;
      await changeMessage(core, {
        conversation,
        of: message.sentAt,
        kind: isDelete ? "delete" : "recall",
        by: fromUserId,
        isByApp: true,
      });
    },
  }),
  row({
    path: "/message/private/modify.json",
    summary: "Change what a direct message says.",
    params: {
      ...modifyParams,
      targetId: text({ maxBytes: 64, description: "The receiver's id." }),
    },
    example: {
      params: {
        fromUserId: "alice",
        targetId: "bob",
        msgUID: "5FGT-7VA9-G4DD-4V5P",
        content: '{"content":"Hi"}',
      },
    },
    async run(core, { fromUserId, targetId, msgUID, ...said }) {
      const name = { conversationType: conversationTypes.direct, userId: fromUserId, targetId, uid: msgUID };
      await modify(core, name, { fromUserId, ...said });
    },
  }),
  row({
    path: "/message/group/modify.json",
    summary: "Change what a message in a group says.",
    params: { ...modifyParams, groupId },
    example: {
      params: {
        fromUserId: "alice",
        groupId: "lunch",
        msgUID: "5FGT-7VA9-G4DD-4V5P",
        content: '{"content":"Hi"}',
      },
    },
    async run(core, { fromUserId, groupId: targetId, msgUID, ...said }) {
      const name = { conversationType: conversationTypes.group, userId: fromUserId, targetId, uid: msgUID };
      await modify(core, name, { fromUserId, ...said });
    },
  }),
];
