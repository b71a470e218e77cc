import Type from "typebox";
import { broadcastKey } from "../../../../core/conversations/conversation-name.ts";
import { directKey, pairKey } from "../../../../core/conversations/direct.ts";
import type { Core } from "../../../../core/core.ts";
import { listSpan } from "../../../../core/messages/list-span.ts";
import { messageUid } from "../../../../core/messages/message-uid.ts";
import type { Conversation, ConversationKind, Message } from "../../../../ports/store.ts";
import { toWire } from "../../content/to-wire.ts";
import { row } from "../../endpoint.ts";
import { flag, id, optional, userId, wholeNumber } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";

const latest = 9_000_000_000_000;
const time = (description: string) => wholeNumber({ minimum: 0, maximum: latest, description });

const params = {
  userId,
  targetId: id("The other user's, the group's, the chatroom's, or the sender's id."),
  startTime: time("Milliseconds; not later than endTime."),
  endTime: time("Milliseconds; this one is included."),
  includeStart: flag({ description: "Whether messages of startTime itself are included." }),
  pageSize: optional(wholeNumber({ minimum: 1, maximum: 100, default: 10 })),
};

const result = {
  data: Type.Array(
    Type.Object({
      targetId: Type.String(),
      fromUserId: Type.String(),
      messageUID: Type.String(),
      msgTime: Type.Integer(),
      objectName: Type.String(),
      content: Type.String(),
      expansion: Type.Boolean(),
      extraContent: Type.String(),
    }),
  ),
};

/** Keys of what this user calls so. */
const keysOf: Record<ConversationKind, (userId: string, targetId: string) => string[]> = {
  direct: (one, other) => [directKey(one, other)],
  group: (_, group) => [group],
  chatroom: (_, chatroom) => [chatroom],
  system: (user, sender) => [pairKey(sender, user), broadcastKey(sender)],
};

/** Those that are there and that the user is in; anybody may look into a chatroom. */
export async function findOwn(
  core: Core,
  kind: ConversationKind,
  userId: string,
  targetId: string,
): Promise<Conversation[]> {
  const found = await Promise.all(
    keysOf[kind](userId, targetId).map((key) => core.conversations.find(key, [kind])),
  );
  const own: Conversation[] = [];
  for (const conversation of found) {
    if (conversation === null) continue;
    if (kind === "chatroom" || (await core.store.isMember(conversation.id, userId))) own.push(conversation);
  }
  return own;
}

function toItem(kind: ConversationKind, targetId: string, message: Message) {
  const { objectName, content } = toWire(message);
  const { conversationId, sentAt, senderId, keys, hasFixedKeys = false } = message;
  return {
    targetId,
    fromUserId: senderId ?? (kind === "system" ? targetId : ""),
    messageUID: messageUid(conversationId, sentAt),
    msgTime: Math.floor(sentAt / 1000),
    objectName,
    content,
    expansion: !hasFixedKeys,
    extraContent: JSON.stringify(keys ?? {}),
  };
}

const queryRow = (kind: ConversationKind, name: string, of: string) =>
  row({
    path: `/v3/message/${name}/query.json`,
    summary: `List what a user sees of ${of} between two times.`,
    notes: [
      "Oldest first. Messages that the user cleared or deleted, that are for others only, or that were sent before the user " +
        "could see them are left out; of a recalled message an RC:RcNtf is left. Who is not in the conversation, or names " +
        "one that doesn't exist, gets an empty list.",
      "Go on with `startTime` = `msgTime` of the last one and `includeStart` false. A page holds all messages of its last " +
        "millisecond, and may be longer than `pageSize` by them; a shorter one is the last.",
    ],
    params,
    result,
    example: {
      params: {
        userId: "ann",
        targetId: "ben",
        startTime: 1_700_000_000_000,
        endTime: 1_800_000_000_000,
        pageSize: 20,
        includeStart: true,
      },
      result: { data: [] },
    },
    async run(core, { userId: user, targetId, startTime, endTime, includeStart, pageSize = 10 }) {
      if (startTime > endTime)
        throw new RongcloudRefusal(1002, "The parameter startTime is wrong. It is later than endTime.");
      const found = await listSpan(core, await findOwn(core, kind, user, targetId), {
        userId: user,
        from: (includeStart ? startTime : startTime + 1) * 1000,
        to: endTime * 1000 + 999,
        limit: pageSize,
      });
      return { data: found.map(({ message }) => toItem(kind, targetId, message)) };
    },
  });

export const queryRows = [
  queryRow("direct", "private", "a conversation with another user"),
  queryRow("group", "group", "a group"),
  queryRow("chatroom", "chatroom", "a chatroom"),
  queryRow("system", "system", "what the app told them under one name"),
];
