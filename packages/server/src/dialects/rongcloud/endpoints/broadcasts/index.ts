import { flagsOf } from "@parlance/protocol";
import Type from "typebox";
import { broadcast, tellOnline } from "../../../../core/broadcasts/broadcast.ts";
import { messageUid } from "../../../../core/messages/message-uid.ts";
import { mostContentBytes, toCore } from "../../content/to-core.ts";
import { row } from "../../endpoint.ts";
import { choice, flag, optional, text, userId, wholeNumber } from "../../params.ts";
import { readCommand, recall } from "./recall.ts";

const saidParams = {
  fromUserId: userId,
  objectName: text({
    maxLength: 32,
    description: "A built-in type, e.g. RC:TxtMsg, or one of the app's own.",
  }),
  content: text({
    maxBytes: mostContentBytes,
    description: "JSON text of the type's fields; of types of the app's own any text.",
  }),
};

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
      "An app speaks to everybody under no more names than its setting `broadcastSenders` says. With objectName RC:RcCmd " +
        "and content `{messageUId, isAdmin, isDelete}` it recalls one, as /message/broadcast/recall.json does.",
    ],
    params: {
      ...saidParams,
      os: optional(
        choice(["iOS", "Android"], { description: "Only connections of this platform are told." }),
      ),
    },
    result: { messageUID: Type.String() },
    rates,
    example: { params: said, result: { messageUID: "5FGT-7VA9-G4DD-4V5P" } },
    async run(core, { fromUserId, objectName, content, os }) {
      if (objectName === "RC:RcCmd") {
        const command = readCommand(fromUserId, content);
        await recall(core, command);
        return { messageUID: command.messageUID };
      }
      const { type, content: text } = toCore(objectName, content);
      const { conversation, message } = await broadcast(core, {
        sender: fromUserId,
        type,
        content: text,
        isCounted: flagsOf(type).isCounted,
        ...(os !== undefined && { platform: os }),
      });
      return { messageUID: messageUid(conversation.id, message.sentAt) };
    },
  }),
  row({
    path: "/message/online/broadcast.json",
    summary: "Tell every user who is online now.",
    notes: [
      "It is stored nowhere: who is not connected never hears of it. The sender's own devices don't either.",
      seen,
    ],
    params: saidParams,
    rates: [{ limit: 60, per: "minute" }],
    example: { params: said },
    async run(core, { fromUserId, objectName, content }) {
      const { type, content: text } = toCore(objectName, content);
      await tellOnline(core, { sender: fromUserId, type, content: text });
    },
  }),
  row({
    path: "/message/broadcast/recall.json",
    summary: "Recall a message that was sent to every user.",
    notes: [
      "Its content is gone for everybody at once, from their history as well; with `isDelete` nothing is left in its place. " +
        "A uid that isn't of a broadcast by `fromUserId` is refused with 1002.",
    ],
    params: {
      fromUserId: userId,
      messageUID: text({ maxLength: 32, description: "As the broadcast was answered, or the log says." }),
      sentTime: optional(wholeNumber({ description: "Milliseconds; the uid says it, too." })),
      isAdmin: optional(flag({ description: "The app takes it back, and not the sender." })),
      isDelete: optional(flag({ description: "Nothing is left to see in its place." })),
      extra: optional(text({ maxBytes: 4096 })),
      disableUpdateLastMsg: optional(flag({ description: "A recall never is a list's last message." })),
    },
    rates,
    example: { params: { fromUserId: "office", messageUID: "5FGT-7VA9-G4DD-4V5P" } },
    run: recall,
  }),
];
