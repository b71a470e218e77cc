import Type from "typebox";
import type { Core } from "../../../../core/core.ts";
import { changeMessage } from "../../../../core/messages/change-message.ts";
import { lookUp } from "../../../../core/messages/look-up-uid.ts";
import { mostKeysPerCall } from "../../../../core/messages/message-keys.ts";
import type { Message } from "../../../../ports/store.ts";
import { mostKeys } from "../../../../ports/store-entries.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { choice, flag, jsonText, optional, pageNumber, text, texts, userId } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { assertThere, findTarget } from "./targets.ts";

const rates = [
  { limit: 100, per: "second" },
  {
    limit: 20,
    per: "second",
    sharedAs: "expansion in groups",
    cost: ({ conversationType }: { conversationType: number | string }) =>
      Number(conversationType) === 3 ? 1 : 0,
  },
] as const;

const msgUID = text({ maxLength: 64, description: "The message's uid." });

const targetParams = {
  msgUID,
  userId,
  conversationType: choice([1, 3], { description: "1 direct, 3 group." }),
  targetId: text({ maxBytes: 64, description: "The other user's id, or the group's." }),
  isSyncSender: optional(flag({ description: "The devices of userId hear of it at once, too." })),
};

interface Named {
  msgUID: string;
  userId: string;
  conversationType: number | string;
  targetId: string;
  isSyncSender?: boolean;
}

type Change =
  | { kind: "setKeys"; keys: Record<string, string> }
  | { kind: "removeKeys"; removedKeys: string[] };

async function change(core: Core, named: Named, what: Change): Promise<void> {
  const { userId: by, targetId, msgUID: uid } = named;
  const target = await findTarget(core, {
    conversationType: Number(named.conversationType),
    userId: by,
    targetId,
    uid,
  });
  assertThere(target, uid);
  const { conversation, message } = target;
  assertExpandable(message, uid);
  const untold = named.isSyncSender ? {} : { untoldId: by };
  await changeMessage(core, { conversation, of: message.sentAt, by, isByApp: true, ...untold, ...what });
}

function assertExpandable({ hasFixedKeys }: Message, uid: string): void {
  if (hasFixedKeys) throw new RongcloudRefusal(1002, `The message ${uid} was sent without expansion.`);
}

const example = { msgUID: "5FGT-7VA9-G4DD-4V5P", userId: "alice", conversationType: 1, targetId: "bob" };

export const expansionRows: readonly RongcloudRow[] = [
  row({
    path: "/message/expansion/set.json",
    summary: "Set key-values on a message.",
    notes: [
      `Up to ${mostKeysPerCall} a call and ${mostKeys} a message; a key has 1 to 32 letters, digits and characters of + = - _, a value up to 4096 characters.`,
      "Of messages sent here only those with expansion take any; those of clients of Parlance's own protocol do.",
    ],
    params: {
      ...targetParams,
      extraKeyVal: jsonText(Type.Record(Type.String(), Type.String(), { description: "What to set." })),
    },
    rates,
    example: { params: { ...example, extraKeyVal: { type: "3" } } },
    run: (core, { extraKeyVal: keys, ...named }) => change(core, named, { kind: "setKeys", keys }),
  }),
  row({
    path: "/message/expansion/delete.json",
    summary: "Remove key-values from a message.",
    params: {
      ...targetParams,
      extraKey: texts({ max: mostKeysPerCall, description: "Names: a JSON list." }),
    },
    rates,
    example: { params: { ...example, extraKey: ["type"] } },
    run: (core, { extraKey: removedKeys, ...named }) =>
      change(core, named, { kind: "removeKeys", removedKeys }),
  }),
  row({
    path: "/message/expansion/query.json",
    summary: "Read a message's key-values.",
    notes: [`${mostKeys} a page, in the order of their names; ts is when each was last set.`],
    params: { msgUID, pageNo: pageNumber },
    result: {
      extraContent: Type.Record(Type.String(), Type.Object({ v: Type.String(), ts: Type.Integer() })),
    },
    example: {
      params: { msgUID: "5FGT-7VA9-G4DD-4V5P" },
      result: { extraContent: { type: { v: "3", ts: 1_767_225_600_000 } } },
    },
    async run(core, { msgUID: uid, pageNo = 1 }) {
      const found = await lookUp(core, uid);
      if (!found) throw new RongcloudRefusal(1002, `There is no message ${uid}.`);
      assertThere(found, uid);
      return { extraContent: pageOf(found.message, Math.max(1, pageNo)) };
    },
  }),
];

function pageOf({ keys = {}, keyTimes = {}, sentAt }: Message, page: number) {
  const names = Object.keys(keys)
    .sort()
    .slice((page - 1) * mostKeys, page * mostKeys);
  const millis = (micros: number) => Math.floor(micros / 1000);
  return Object.fromEntries(
    names.map((name) => [name, { v: keys[name] as string, ts: millis(keyTimes[name] ?? sentAt) }]),
  );
}
