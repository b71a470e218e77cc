import Type from "typebox";
import { broadcast, tellOnline } from "../../../../core/broadcasts/broadcast.ts";
import { row } from "../../endpoint.ts";
import { choice, flag, optional, text, userId } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { pushParams } from "../messages/push-wish.ts";
import { readSpeech, saidParams, sendParams } from "../messages/sending.ts";
import { readCommand, recall } from "./recall.ts";

const said = { fromUserId: "office", objectName: "RC:TxtMsg", content: '{"content":"We are back."}' };

const rates = [
  { limit: 2, per: "hour" },
  { limit: 3, per: "day" },
] as const;

const seen =
  "Users see it in a system conversation of its own, apart from what the app tells one of them alone under the same name; " +
  "clients of Parlance's protocol call it by the sender with a star before it.";

/** What an app says to all of its users. */
export const broadcastRows = [
  row({
    path: "/message/broadcast.json",
    summary: "Send a message to every user of the app.",
    notes: [
      "It is stored once. Everybody who is a user now has it on their list and unread, online or not; who becomes a user " +
        "later does not see it.",
      seen,
      "With `os` only connections of that platform are told at once; all others find it in their history when they connect " +
        "anew.",
      "Types that are for who is online alone, such as RC:TypSts, are refused. An app speaks to everybody under no more names than its setting `broadcastSenders` says. With objectName RC:RcCmd " +
        "and content `{messageUId, isAdmin, isDelete}` it recalls one, as /message/broadcast/recall.json does.",
    ],
    params: {
      ...saidParams,
      ...pushParams,
      msgRandom: optional(
        text({ maxLength: 20, description: "Used again within a minute, it is a repeat and refused." }),
      ),
      disableUpdateLastMsg: sendParams.disableUpdateLastMsg,
      os: optional(
        choice(["iOS", "Android"], { description: "Only connections of this platform are told." }),
      ),
    },
    result: { messageUID: Type.String() },
    rates,
    example: { params: said, result: { messageUID: "5FGT-7VA9-G4DD-4V5P" } },
    async run(core, { os, ...given }) {
      if (given.objectName === "RC:RcCmd") {
        const command = readCommand(given.fromUserId, given.content);
        await recall(core, command);
        return { messageUID: command.messageUID };
      }
      const speech = await readSpeech(core, given);
      if (!speech.isPersisted)
        throw new RongcloudRefusal(1002, "Messages of this type are kept nowhere; send it to who is online.");
      const { uid, isRepeat } = await broadcast(core, speech, os);
      if (isRepeat) throw new RongcloudRefusal(1002, "The same msgRandom was used within a minute.");
      return { messageUID: uid };
    },
  }),
  row({
    path: "/message/online/broadcast.json",
    summary: "Tell every user who is online now.",
    notes: [
      "It is stored nowhere: who is not connected never hears of it, and nobody is notified. `msgRandom` and " +
        "`disableUpdateLastMsg` are accepted and change nothing.",
      seen,
    ],
    params: {
      ...saidParams,
      msgRandom: sendParams.msgRandom,
      disableUpdateLastMsg: sendParams.disableUpdateLastMsg,
    },
    rates: [{ limit: 60, per: "minute" }],
    example: { params: said },
    async run(core, { fromUserId, objectName, content }) {
      await tellOnline(core, await readSpeech(core, { fromUserId, objectName, content }));
    },
  }),
  row({
    path: "/message/broadcast/recall.json",
    summary: "Recall a message that was sent to every user.",
    notes: [
      "Its content is gone for everybody at once, from their history as well; with `isDelete` nothing is left in its place. " +
        "A uid that isn't of a broadcast by `fromUserId`, or with `isAdmin` of any broadcast, is refused with 1002.",
    ],
    params: {
      fromUserId: userId,
      messageUID: text({ maxLength: 32, description: "As the broadcast was answered, or the log says." }),
      sentTime: optional(text({ maxLength: 20, description: "Milliseconds; the uid says it, too." })),
      isAdmin: optional(flag({ description: "It is taken back whoever said it." })),
      isDelete: optional(flag({ description: "Nothing is left to see in its place." })),
      extra: optional(text({ maxBytes: 4096 })),
      disableUpdateLastMsg: optional(flag({ description: "A recall never is a list's last message." })),
    },
    rates,
    example: { params: { fromUserId: "office", messageUID: "5FGT-7VA9-G4DD-4V5P" } },
    run: recall,
  }),
];
