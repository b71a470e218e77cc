import { clearChatroom } from "../../../../core/chatrooms/clear-history.ts";
import { clearHistory } from "../../../../core/conversations/settings.ts";
import type { ConversationKind, Micros } from "../../../../ports/store.ts";
import { row } from "../../endpoint.ts";
import { choice, id, optional, userId, wholeNumber } from "../../params.ts";
import { findOwn } from "./query.ts";

const kinds: Record<1 | 3 | 4 | 6, ConversationKind> = {
  1: "direct",
  3: "group",
  4: "chatroom",
  6: "system",
};

/** Milliseconds by which the clock of another node may be ahead. */
const nodesDiffer = 10_000;

export const cleanRows = [
  row({
    path: "/conversation/message/history/clean.json",
    summary: "Clear what a user sees of a conversation, or what everybody sees of a chatroom.",
    notes: [
      "Of types 1, 3 and 6 the history goes for `fromUserId` alone, on all of their devices, which are told at once; of type " +
        "6 both what the app told this user and what it told everybody under that name. Of a chatroom it goes for everybody, " +
        "for good.",
      "A conversation that isn't there, or that the user is not in, holds nothing to clear.",
    ],
    params: {
      conversationType: choice([1, 3, 4, 6], { description: "1 one-to-one, 3 group, 4 chatroom, 6 system." }),
      fromUserId: userId,
      targetId: id("The other user's, the group's, the chatroom's, or the sender's id."),
      msgTimestamp: optional(
        wholeNumber({
          minimum: 0,
          maximum: 9_000_000_000_000,
          description: "Milliseconds; messages up to it, itself included, are cleared. All if absent.",
        }),
      ),
    },
    example: { params: { conversationType: 1, fromUserId: "ann", targetId: "ben" } },
    async run(core, { conversationType, fromUserId, targetId, msgTimestamp }) {
      const kind = kinds[Number(conversationType) as keyof typeof kinds];
      const upTo: Micros = (msgTimestamp ?? Date.now() + nodesDiffer) * 1000 + 999;
      for (const conversation of await findOwn(core, kind, fromUserId, targetId)) {
        if (kind === "chatroom") await clearChatroom(core, conversation, upTo);
        else await clearHistory(core, fromUserId, conversation, upTo);
      }
    },
  }),
];
