import Type, { type Static } from "typebox";
import type { Core } from "../../../../core/core.ts";
import { type Spoken, speakInGroup, speakToUser } from "../../../../core/messages/speak.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { choice, flag, groupId, jsonText, optional, userId } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { appendChunk, type Chunk, streamObjectName } from "./append-chunk.ts";
import { pushParams } from "./push-wish.ts";
import { expansionParams, includeSender, readSpeech, type Said } from "./sending.ts";
import { conversationTypes } from "./targets.ts";

const content = jsonText(
  Type.Object(
    {
      content: Type.String(),
      seq: Type.Optional(Type.Integer({ minimum: 1 })),
      complete: Type.Optional(Type.Boolean()),
      messageUID: Type.Optional(Type.String({ maxLength: 64 })),
    },
    { description: "The next piece; from the second on messageUID says of which message." },
  ),
);

const params = {
  ...includeSender,
  ...expansionParams,
  ...pushParams,
  fromUserId: userId,
  objectName: choice([streamObjectName]),
  content,
  isPersisted: optional(flag({ description: "A stream is always stored: 0 is refused." })),
};

const notes = [
  "The first piece makes the message and answers its messageUID; each later one names it in content.messageUID, and its text is added to the message. All together are at most 128 KB.",
  "content.seq rises from piece to piece. The last one sent again is answered as before and changes nothing; an older one is refused, and so is anything behind a piece with complete.",
];

type Params = Omit<Said, "objectName" | "content"> & { content: Static<typeof content> };

type Receiver = { conversationType: number; targetId: string; begin: typeof speakToUser };

async function publish(core: Core, { content: piece, ...given }: Params, receiver: Receiver) {
  const { conversationType, targetId, begin } = receiver;
  const { fromUserId } = given;
  if (given.isPersisted === false)
    throw new RongcloudRefusal(1002, "A stream is always stored; isPersisted must be 1.");
  const { messageUID, ...chunk } = piece as Chunk & { messageUID?: string };
  if (messageUID !== undefined && messageUID !== "") {
    await appendChunk(core, { conversationType, userId: fromUserId, targetId, uid: messageUID }, chunk);
    return { messageUID };
  }
  const first = JSON.stringify({ ...chunk, seq: chunk.seq ?? 1 });
  const speech = await readSpeech(core, {
    ...given,
    objectName: streamObjectName,
    content: first,
    expansion: given.expansion ?? given.extraContent !== undefined,
  });
  const { uid }: Spoken = await begin(core, targetId, speech);
  return { messageUID: uid };
}

const example = {
  fromUserId: "alice",
  objectName: streamObjectName,
  content: { content: "Once upon", seq: 1, complete: false, type: "text" },
};
const result = { messageUID: Type.String() };
const answer = { messageUID: "5FGT-7VA9-G4DD-4V5P" };

export const streamRows: readonly RongcloudRow[] = [
  row({
    path: "/v3/message/private/publish_stream.json",
    summary: "Send a text to a user while it is still being written.",
    notes,
    params: { ...params, toUserId: userId },
    result,
    example: { params: { ...example, toUserId: "bob" }, result: answer },
    run: (core, { toUserId: targetId, objectName: _, ...given }) =>
      publish(core, given, { conversationType: conversationTypes.direct, targetId, begin: speakToUser }),
  }),
  row({
    path: "/v3/message/group/publish_stream.json",
    summary: "Send a text to a group while it is still being written.",
    notes,
    params: { ...params, toGroupId: groupId },
    result,
    example: { params: { ...example, toGroupId: "lunch" }, result: answer },
    run: (core, { toGroupId: targetId, objectName: _, ...given }) =>
      publish(core, given, { conversationType: conversationTypes.group, targetId, begin: speakInGroup }),
  }),
];
