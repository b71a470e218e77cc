import { speakInGroup } from "../../../../core/messages/speak.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { flag, ids, optional } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import {
  expansionParams,
  includeSender,
  readSpeech,
  receiptParam,
  saidParams,
  sendParams,
  toUids,
  uidsOf,
} from "./sending.ts";

const rates = [
  {
    limit: 20,
    per: "second",
    sharedAs: "group messages",
    cost: ({ toGroupId }: { toGroupId: string[] }) => toGroupId.length,
  },
] as const;

const toGroupId = ids({ max: 3, description: "Groups." });
const example = {
  fromUserId: "alice",
  toGroupId: ["lunch"],
  objectName: "RC:TxtMsg",
  content: '{"content":"Hello"}',
};
const result = { messageUIDs: [{ groupId: "lunch", messageUID: "5FGT-7VA9-G4DD-4V5P" }] };

export const groupRows: readonly RongcloudRow[] = [
  row({
    path: "/message/group/publish.json",
    summary: "Send a message to groups.",
    notes: [
      "The sender need not be a member, and mutes don't bind it. A group that nobody has made has nobody in it: the call succeeds, and nothing is stored.",
      "With toUserId, and one group, only these members see it.",
    ],
    params: {
      ...sendParams,
      ...expansionParams,
      ...includeSender,
      ...receiptParam,
      toGroupId,
      toUserId: optional(ids({ max: 100, description: "Members who alone see it." })),
      isMentioned: optional(flag({ description: "It mentions whom mentionedInfo of the content says." })),
    },
    result: uidsOf("groupId"),
    rates,
    example: { params: example, result },
    async run(core, { toUserId, ...said }) {
      if (toUserId && said.toGroupId.length > 1)
        throw new RongcloudRefusal(1002, "With toUserId, toGroupId must be one group.");
      const directed = toUserId && { toUserIds: toUserId };
      const speech = { ...(await readSpeech(core, said)), ...directed };
      const spoken = await Promise.all(said.toGroupId.map((id) => speakInGroup(core, id, speech)));
      return toUids("groupId", said.toGroupId, spoken);
    },
  }),
  row({
    path: "/statusmessage/group/publish.json",
    summary: "Tell groups something that matters only now: members who are online hear it.",
    notes: ["It is stored nowhere, counted by nobody, and nobody is notified."],
    params: {
      ...saidParams,
      ...includeSender,
      toGroupId,
      verifyBlacklist: optional(flag({ description: "Groups have no such lists: without meaning here." })),
    },
    result: uidsOf("groupId"),
    rates,
    example: {
      params: { ...example, objectName: "RC:TypSts", content: '{"typingContentType":"RC:TxtMsg"}' },
      result,
    },
    async run(core, params) {
      const speech = await readSpeech(core, { ...params, isPersisted: false });
      const spoken = await Promise.all(params.toGroupId.map((id) => speakInGroup(core, id, speech)));
      return toUids("groupId", params.toGroupId, spoken);
    },
  }),
  row({
    path: "/message/discussion/publish.json",
    summary: "Refuse: discussion groups are no longer offered.",
    notes: ["Answers 1009, as of a service that is not enabled. Use groups."],
    params: {},
    example: { params: {} },
    run() {
      throw new RongcloudRefusal(1009, "Discussion groups are not offered; use groups.");
    },
  }),
];
