import type { Core } from "../../../../core/core.ts";
import { whoAccept } from "../../../../core/users/accepts.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { flag, ids, optional } from "../../params.ts";
import { deliver, deliverFilled, type Template } from "./deliver.ts";
import { countParam } from "./push-wish.ts";
import {
  expansionParams,
  includeSender,
  readSpeech,
  receiptParam,
  saidParams,
  sendParams,
  uidsOf,
} from "./sending.ts";
import { templateParams } from "./templates.ts";

const most = 1000;
const rates = [
  {
    limit: 6000,
    per: "minute",
    sharedAs: "private messages",
    cost: ({ toUserId }: { toUserId: string[] }) => toUserId.length,
  },
] as const;

const verifyBlacklist = {
  verifyBlacklist: optional(
    flag({
      description:
        "Receivers who block the sender, or don't allow it, get nothing and are left out of the answer.",
    }),
  ),
};

const takers = async (
  core: Core,
  params: { fromUserId: string; toUserId: string[]; verifyBlacklist?: boolean },
) =>
  params.verifyBlacklist ? whoAccept(core, params.fromUserId, params.toUserId) : new Set(params.toUserId);

const example = {
  fromUserId: "alice",
  toUserId: ["bob"],
  objectName: "RC:TxtMsg",
  content: '{"content":"Hello"}',
};
const result = { messageUIDs: [{ userId: "bob", messageUID: "5FGT-7VA9-G4DD-4V5P" }] };

export const privateRows: readonly RongcloudRow[] = [
  row({
    path: "/message/private/publish.json",
    aliases: ["/message/publish.json"],
    summary: "Send a message from one user to others, to each alone.",
    notes: [
      "Nobody's leave is asked: neither mutes nor lists of whom one doesn't want to hear bind a back end.",
      "The sender's own devices neither hear nor list it, unless isIncludeSender says so; then the sender has read it, and what came before it.",
      "Unless isPersisted is 0 a receiver who is offline finds it later, whatever the type; RC:TypSts and receipts are for who is online now.",
    ],
    params: {
      ...sendParams,
      ...expansionParams,
      ...includeSender,
      ...countParam,
      ...receiptParam,
      ...verifyBlacklist,
      toUserId: ids({ max: most, description: "Receivers." }),
    },
    result: uidsOf("userId"),
    rates,
    example: { params: example, result },
    async run(core, params) {
      const speech = await readSpeech(core, params);
      const taking = await takers(core, params);
      return deliver(
        core,
        "user",
        params.toUserId.filter((id) => taking.has(id)),
        () => speech,
      );
    },
  }),
  row({
    path: "/message/private/publish_template.json",
    summary: "Send a message from one user to others, with something of each one's own in it.",
    notes: [
      "The names in values, braces included, are replaced in content, pushContent and pushData. In JSON they are replaced within its texts, so that a value may hold any character.",
    ],
    params: { ...templateParams(most), ...includeSender, ...receiptParam, ...verifyBlacklist },
    result: uidsOf("userId"),
    rates,
    example: {
      params: {
        ...example,
        content: '{"content":"Hello {name}"}',
        values: [{ "{name}": "Bob" }],
        pushContent: ["{name}, a message"],
        pushData: [""],
      },
      result,
    },
    async run(core, params) {
      const taking = await takers(core, params);
      return deliverFilled(core, "user", params as Template, (id) => taking.has(id));
    },
  }),
  row({
    path: "/statusmessage/private/publish.json",
    summary: "Tell other users something that matters only now: those who are online hear it.",
    notes: ["It is stored nowhere, counted by nobody, and nobody is notified."],
    params: {
      ...saidParams,
      ...includeSender,
      ...verifyBlacklist,
      toUserId: ids({ max: most, description: "Receivers." }),
    },
    result: uidsOf("userId"),
    rates,
    example: {
      params: { ...example, objectName: "RC:TypSts", content: '{"typingContentType":"RC:TxtMsg"}' },
      result,
    },
    async run(core, params) {
      const speech = await readSpeech(core, { ...params, isPersisted: false });
      const taking = await takers(core, params);
      return deliver(
        core,
        "user",
        params.toUserId.filter((id) => taking.has(id)),
        () => speech,
      );
    },
  }),
];
