/** What the app changed about people, friends and groups: told to those it concerns, kept nowhere. */

import { limits } from "../limits.ts";
import { anyObject, described, type Infer, list, object, oneOf, optional } from "../schema/schema.ts";
import { conversationRef, micros, userId } from "./ids.ts";

export const noticeKinds = [
  "profileChanged",
  "friendAdded",
  "friendDeleted",
  "friendsCleared",
  "friendApplication",
  "friendInfoChanged",
  "groupOperation",
  "groupInfoChanged",
  "memberInfoChanged",
  "remarkChanged",
  "followsChanged",
] as const;

export type NoticeKind = (typeof noticeKinds)[number];

export const groupOperations = [
  "create",
  "join",
  "kick",
  "quit",
  "dismiss",
  "addAdmin",
  "removeAdmin",
  "transfer",
] as const;

export type GroupOperation = (typeof groupOperations)[number];

export const notice = object({
  kind: described(
    [
      "`profileChanged`: of this user or a friend.",
      "`friendAdded`, `friendDeleted`: `userIds` are the other ones.",
      "`friendsCleared`: this user has no friends any more.",
      "`friendApplication`: one waits; `data` says who asks whom.",
      "`friendInfoChanged`: what this user keeps about a friend, on any device.",
      "`groupOperation`: see `operation`; `userIds` are those it was done to.",
      "`groupInfoChanged`, `memberInfoChanged`: to all members.",
      "`remarkChanged`: this user's own name for the group.",
      "`followsChanged`: whose messages this user always hears of there.",
    ].join(" "),
    oneOf(noticeKinds),
  ),
  conversation: optional(described("The group it is about.", conversationRef)),
  operation: optional(oneOf(groupOperations)),
  userIds: optional(described("Whom it is about.", list(userId, { maxItems: limits.membersPage }))),
  data: optional(described("What is new, as far as that is more than the ids.", anyObject())),
  at: micros,
});

export type Notice = Infer<typeof notice>;
