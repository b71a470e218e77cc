/** What the OpenAPI document and the reference pages say of RongCloud's Server API. */

import Type from "typebox";
import type { ApiDescription, DescribedRow, Refusal } from "../../http/api-description.ts";
import { type RongcloudCode, sentenceOf } from "./codes.ts";
import { type Rate, type RongcloudRow, schemaOf } from "./endpoint.ts";
import { rongcloudRows } from "./endpoints/index.ts";

const budget = ({ limit, per, cost }: Rate): string =>
  `${limit} ${cost ? "units" : limit === 1 ? "call" : "calls"} a ${per}`;

/** "At most …", for rows with rates of their own. */
function rateSentence({ rates }: RongcloudRow): string[] {
  if (rates === undefined || rates.length === 0) return [];
  const counted = rates.some(({ cost }) => cost)
    ? " A call counts for what it concerns, such as its recipients."
    : "";
  const shared = rates.some(({ sharedAs }) => sharedAs) ? " Other calls of its kind share the budget." : "";
  return [`At most ${rates.map(budget).join(", and ")}, for each app.${counted}${shared}`];
}

const aliasSentence = ({ aliases = [] }: RongcloudRow): string[] =>
  aliases.length === 0 ? [] : [`Also answered at ${aliases.join(" and ")}.`];

const isSuccess = Type.Literal(200, { description: "The call did what it says." });

/** The answer as a whole. */
export const resultOf = ({ result }: RongcloudRow) => Type.Object({ code: isSuccess, ...result });

const describe = (row: RongcloudRow): DescribedRow => ({
  method: row.method ?? "POST",
  path: row.path,
  summary: row.summary,
  notes: [...(row.notes ?? []), ...rateSentence(row), ...aliasSentence(row)],
  params: schemaOf(row),
  status: 200,
  result: resultOf(row),
  refusals: [],
  example: { params: row.example.params, result: { code: 200, ...row.example.result } },
});

const refusal = (meaning: string, code: RongcloudCode, errorMessage = sentenceOf(code)): Refusal => ({
  meaning,
  example: { code, errorMessage, url: "/user/getToken.json" },
});

const refusals: Readonly<Record<number, Refusal>> = {
  400: refusal(
    "A parameter is missing or wrong (1002), or longer than allowed (1005); it is named.",
    1002,
    "The parameter userId is required.",
  ),
  401: refusal("The signature is wrong (1004), or the app is switched off (1006).", 1004),
  403: refusal("Refused for a reason of this call's own, which its code says.", 1007),
  429: refusal("Too many calls; Retry-After says how many seconds to wait.", 1008),
  430: refusal("The app has this feature switched off.", 1009),
};

/** Calls are found by the first word of their path. */
const areaOf = ({ path }: DescribedRow): string => path.split("/")[1] ?? "";

export const rongcloudApi: ApiDescription = {
  title: "Parlance: RongCloud's Server API",
  version: "1",
  intro: [
    "Your back end calls this API with your app's key, and signs with its secret; never call it from an app or a page.",
    "Parameters travel as a form or as JSON, whichever the Content-Type says, on every call. In a form a list is the key repeated, or its items with commas between them; what is an object is written as JSON.",
    "Every answer is JSON with a code: 200, or that of a refusal with an errorMessage and the call's path as url.",
    "At most 100 calls a second, for each call and app, unless the call says otherwise.",
  ],
  prefix: "",
  documents: "/rongcloud",
  rows: rongcloudRows.map(describe),
  areaOf,
  security: {
    headers: [
      { name: "App-Key", example: "your-app-key" },
      { name: "Nonce", example: "14314" },
      { name: "Timestamp", example: "1408710653000" },
      { name: "Signature", example: "30be0bbca9c9b2e27578701e9fda2358a814c88f" },
    ],
    sentence:
      "The signature is the SHA-1, in hexadecimal, of secret, nonce and timestamp written one after the other. Each header may have the prefix RC-.",
  },
  refusals,
  refusesAll: Object.keys(refusals).map(Number),
};
