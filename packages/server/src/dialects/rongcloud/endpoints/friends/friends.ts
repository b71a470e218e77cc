/** Who becomes whose friend, and who is. */

import Type from "typebox";
import {
  addFriend,
  clearFriends,
  deleteFriends,
  findFriends,
  setFriendInfo,
} from "../../../../core/friends/friends.ts";
import { listFriends } from "../../../../core/friends/list-friends.ts";
import { row } from "../../endpoint.ts";
import { fields, fieldsText, millis, oneOfNames, zeroOrOne } from "../../hosting.ts";
import { choice, id, ids, optional, text, userId, wholeNumber } from "../../params.ts";
import { befriending, eachCounts } from "./rules.ts";

const targetId = id("The other user's id.");
const targets = ids({ max: 100, description: "The other users' ids." });

export const friendRows = [
  row({
    path: "/friend/add.json",
    summary: "Make two users friends, or ask one for the other.",
    notes: [
      "With optType 1 the other user's permission counts (/friend/permission/set.json): at once, after consent, or not at all (25471). What waits for consent is an application: it holds seven days, and the other user consents by adding the first. With optType 2 they are friends at once.",
      "Both users' devices are told with the event `notice`: friendAdded, or friendApplication.",
      "With optType 1 blocklists and allowlists count as well: 25462, 25463 are the other one's, 25464, 25465 the user's own. 25460: they are friends. 25467, 25468: the user, or the other one, has as many friends as the app's maxFriends. 25473: they are the same.",
    ],
    params: {
      userId,
      targetId,
      optType: optional(choice([1, 2], { default: 1, description: "1 as the other one allows, 2 at once." })),
      extra: optional(text({ maxLength: 128, description: "What the other one reads with it." })),
    },
    example: { params: { userId: "u01", targetId: "u02", optType: 1, extra: "It's me." } },
    run: befriending(async (core, { userId, targetId, optType = 1, extra = "" }) => {
      await addFriend(core, { userId, friendId: targetId, isForced: Number(optType) === 2, extra });
    }),
  }),
  row({
    path: "/friend/delete.json",
    summary: "End friendships, from both sides.",
    notes: ["Those who are no friends are passed over. Both sides are told (friendDeleted)."],
    params: { userId, targetIds: optional(targets), targetId: optional(targets) },
    rates: eachCounts(({ targetIds, targetId }) => targetIds ?? targetId),
    example: { params: { userId: "u01", targetIds: ["u02", "u03"] } },
    run: befriending((core, { userId, targetIds, targetId }) =>
      deleteFriends(core, userId, oneOfNames("targetIds", targetIds, targetId)),
    ),
  }),
  row({
    path: "/friend/clean.json",
    summary: "End all friendships of a user, from both sides.",
    notes: ["The user is told (friendsCleared), and each former friend (friendDeleted)."],
    params: { userId },
    example: { params: { userId: "u01" } },
    run: befriending((core, { userId }) => clearFriends(core, userId)),
  }),
  row({
    path: "/friend/profile/set.json",
    summary: "Set what a user calls a friend, and keeps about them.",
    notes: [
      "Only this user sees it; their devices are told (friendInfoChanged). An empty remarkName, or an empty value, takes back what was there. At most 10 fields: names of ext_ and small letters, digits and _ (32 characters), values of 256. 25469: they are not friends.",
    ],
    params: {
      userId,
      targetId,
      remarkName: optional(text({ maxLength: 64 })),
      friendExtProfile: optional(fields("JSON text of fields of your own.")),
    },
    example: {
      params: {
        userId: "u01",
        targetId: "u02",
        remarkName: "Benny",
        friendExtProfile: { ext_since: "school" },
      },
    },
    run: befriending((core, { userId, targetId, remarkName, friendExtProfile }) =>
      setFriendInfo(core, userId, targetId, {
        ...(remarkName !== undefined && { remarkName }),
        ...(friendExtProfile && { ownFields: friendExtProfile }),
      }),
    ),
  }),
  row({
    path: "/friend/get.json",
    summary: "Page through a user's friends.",
    notes: ["By the time of adding. pageToken is there when there is a next page."],
    params: {
      userId,
      pageToken: optional(text({ maxLength: 500, description: "Of the page before." })),
      size: optional(wholeNumber({ minimum: 1, maximum: 100, default: 50 })),
      order: optional(zeroOrOne("0 oldest first, 1 newest first.", 0)),
    },
    result: {
      pageToken: Type.Optional(Type.String()),
      totalCount: Type.Integer(),
      friendList: Type.Array(
        Type.Object({
          userId: Type.String(),
          name: Type.String({ description: "Of their profile." }),
          remarkName: Type.String(),
          friendExtProfile: Type.String({ description: "JSON text." }),
          time: Type.Integer({ description: "Since when, in milliseconds." }),
        }),
      ),
    },
    example: {
      params: { userId: "u01", size: 50 },
      result: {
        totalCount: 1,
        friendList: [
          { userId: "u02", name: "Ben", remarkName: "", friendExtProfile: "{}", time: 1_767_225_600_000 },
        ],
      },
    },
    run: befriending(async (core, { userId, pageToken, size = 50, order = 0 }) => {
      const page = { after: pageToken || null, isNewestFirst: order === 1, limit: size };
      const { friends, total, next } = await listFriends(core, userId, page);
      return {
        ...(next !== null && { pageToken: next }),
        totalCount: total,
        friendList: friends.map(({ userId, name, remarkName, ownFields, createdAt }) => ({
          ...{ userId, name, remarkName },
          friendExtProfile: fieldsText(ownFields),
          time: millis(createdAt),
        })),
      };
    }),
  }),
  row({
    path: "/friend/check.json",
    summary: "Say which users are friends of a user.",
    notes: ["Friendships have two sides here, so that nobody is a friend from one side only (3 and 4)."],
    params: { userId, targetIds: targets },
    result: {
      results: Type.Array(
        Type.Object({
          userId: Type.String(),
          result: Type.Integer({ description: "1 they are friends, 2 they are not." }),
        }),
      ),
    },
    example: {
      params: { userId: "u01", targetIds: ["u02"] },
      result: { results: [{ userId: "u02", result: 2 }] },
    },
    run: befriending(async (core, { userId, targetIds }) => {
      const friends = await findFriends(core, userId, targetIds);
      return { results: targetIds.map((id) => ({ userId: id, result: friends.has(id) ? 1 : 2 })) };
    }),
  }),
];
