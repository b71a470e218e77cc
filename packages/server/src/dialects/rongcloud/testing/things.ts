/** What must be there for some rows' examples to work, made by other calls of the API. */

import type { RongcloudBackEnd } from "../../../testing/rongcloud-back-end.ts";

// biome-ignore lint/suspicious/noExplicitAny: examples have the parameters of their rows.
type Params = Record<string, any>;

/** Makes what the example is about, and resolves to those of its parameters that can't be known beforehand. */
export type MakeThings = (backEnd: RongcloudBackEnd, example: Params) => Promise<Params>;

const text = { objectName: "RC:TxtMsg", content: '{"content":"hello"}' };

const register: MakeThings = async (backEnd, { userId }) => {
  for (const id of [userId].flat()) await backEnd.token(id);
  return {};
};

/** A message that its sender may change; its uid goes by the name that the row has for it. */
const sayToUser =
  (uidName: string, more: Params = {}): MakeThings =>
  async (backEnd, { fromUserId, userId, targetId }) => {
    const speech = { fromUserId: fromUserId ?? userId ?? "u1", toUserId: targetId ?? "u2", ...text, ...more };
    const { messageUIDs } = await backEnd.ok("/message/private/publish.json", speech);
    return { [uidName]: messageUIDs[0].messageUID };
  };

const expandable = { expansion: true, extraContent: '{"type":"1"}' };

const sayToGroup: MakeThings = async (backEnd, { fromUserId, groupId }) => {
  await backEnd.call("/group/create.json", { userId: fromUserId, groupId, groupName: groupId });
  const speech = { fromUserId, toGroupId: groupId, ...text };
  const { messageUIDs } = await backEnd.ok("/message/group/publish.json", speech);
  return { msgUID: messageUIDs[0].messageUID };
};

const sayToAll: MakeThings = async (backEnd, { fromUserId }) => {
  const { messageUID } = await backEnd.ok("/message/broadcast.json", { fromUserId, ...text });
  return { messageUID };
};

const tag: MakeThings = async (backEnd, { userId, tagId }) => {
  await backEnd.callJson("/user/conversation/tag/set.json", { userId, tags: [{ tagId, tagName: "Work" }] });
  return {};
};

/** Three people, and the first owns the group. */
const [owner, second, third] = ["u01", "u02", "u03"];

const hostGroup =
  (...members: string[]): MakeThings =>
  async (backEnd, { groupId }) => {
    await backEnd.call("/entrust/group/create.json", { groupId, name: "Lunch", owner, userIds: members });
    return {};
  };

const hostedGroup = hostGroup(second as string, third as string);

const managed: MakeThings = async (backEnd, example) => {
  await hostedGroup(backEnd, example);
  await backEnd.call("/entrust/group/manager/add.json", {
    groupId: example.groupId,
    userIds: example.userIds,
  });
  return {};
};

const plainGroup: MakeThings = async (backEnd, { groupId, name, owner: userId }) => {
  await backEnd.call("/group/create.json", { groupId, groupName: name, userId });
  return {};
};

const befriend: MakeThings = async (backEnd, { userId, targetId }) => {
  await backEnd.call("/friend/add.json", { userId, targetId, optType: 2 });
  return {};
};

/** By the row's path. */
export const things: Readonly<Record<string, MakeThings>> = {
  "/user/info.json": register,
  "/user/refresh.json": register,
  "/tag/conversation/set.json": tag,
  "/tag/conversation/del.json": tag,
  "/message/recall.json": sayToUser("messageUID"),
  "/message/private/modify.json": sayToUser("msgUID"),
  "/message/group/modify.json": sayToGroup,
  "/message/expansion/set.json": sayToUser("msgUID", expandable),
  "/message/expansion/delete.json": sayToUser("msgUID", expandable),
  "/message/expansion/query.json": sayToUser("msgUID", expandable),
  "/message/broadcast/recall.json": sayToAll,
  "/friend/profile/set.json": befriend,
  "/entrust/group/import.json": plainGroup,
  "/entrust/group/join.json": hostGroup(),
  "/entrust/group/manager/remove.json": managed,
  ...Object.fromEntries(
    [
      ...["dismiss", "quit", "transfer/owner", "profile/update", "manager/add"],
      ...["member/kick", "member/query", "member/set", "member/specific/query"],
      ...["member/follow", "member/unfollow", "member/followed/get"],
      ...["remarkname/set", "remarkname/delete", "remarkname/query"],
    ].map((name) => [`/entrust/group/${name}.json`, hostedGroup]),
  ),
};

/** Rows whose examples are refused in an app that is new, with these codes. */
export const refusedExamples: Readonly<Record<string, number>> = {
  // Whoever calls it.
  "/message/discussion/publish.json": 1009,
  // The file of an hour is there when the hour is over.
  "/message/history/delete.json": 1002,
};
