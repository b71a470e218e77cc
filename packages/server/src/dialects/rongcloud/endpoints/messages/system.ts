import { type RongcloudRow, row } from "../../endpoint.ts";
import { ids } from "../../params.ts";
import { deliver, deliverFilled, type Template } from "./deliver.ts";
import { countParam } from "./push-wish.ts";
import { expansionParams, readSpeech, sendParams, uidsOf } from "./sending.ts";
import { templateParams } from "./templates.ts";

const most = 100;
const rates = [
  {
    limit: 100,
    per: "second",
    sharedAs: "system messages",
    cost: ({ toUserId }: { toUserId: string[] }) => toUserId.length,
  },
] as const;

const example = {
  fromUserId: "news",
  toUserId: ["bob"],
  objectName: "RC:TxtMsg",
  content: '{"content":"Welcome"}',
};
const result = { messageUIDs: [{ userId: "bob", messageUID: "5FGT-7VA9-G4DD-4V5P" }] };

export const systemRows: readonly RongcloudRow[] = [
  row({
    path: "/message/system/publish.json",
    summary: "Send a system message to users.",
    notes: ["Each receiver has one system conversation for each sender's name, and can't answer in it."],
    params: {
      ...sendParams,
      ...expansionParams,
      ...countParam,
      toUserId: ids({ max: most, description: "Receivers." }),
    },
    result: uidsOf("userId"),
    rates,
    example: { params: example, result },
    async run(core, params) {
      const speech = await readSpeech(core, params);
      return deliver(core, "app", params.toUserId, () => speech);
    },
  }),
  row({
    path: "/message/system/publish_template.json",
    summary: "Send a system message to users, with something of each one's own in it.",
    notes: ["As /message/private/publish_template.json."],
    params: templateParams(most),
    result: uidsOf("userId"),
    rates,
    example: {
      params: { ...example, content: '{"content":"Welcome {name}"}', values: [{ "{name}": "Bob" }] },
      result,
    },
    run: (core, params) => deliverFilled(core, "app", params as Template, () => true),
  }),
];
