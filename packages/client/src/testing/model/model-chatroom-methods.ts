import type { ChatroomKey, EventData, MethodName } from "@parlance/protocol";
import type { ModelChatroom } from "./model-chatroom.ts";
import type { ModelLine } from "./model-line.ts";
import type { ModelMethod } from "./model-methods.ts";
import type { ModelServer } from "./model-server.ts";
import { Refusal } from "./refusal.ts";

const joined = (server: ModelServer, { device }: ModelLine, id: string): ModelChatroom => {
  const room = server.chatroom(id);
  if (!room.members.has(device)) throw new Refusal("notJoined");
  return room;
};

const tell = (
  server: ModelServer,
  room: ModelChatroom,
  data: Omit<EventData<"chatroom">, "conversation">,
): void => {
  for (const userId of room.userIds()) server.tell(userId, "chatroom", { conversation: room.ref, ...data });
};

const setKeys = (
  server: ModelServer,
  room: ModelChatroom,
  by: string,
  values: [string, string][],
  isForced: boolean,
): ChatroomKey[] => {
  for (const [key] of values) {
    const known = room.keys.get(key);
    if (known?.value && known.by !== by && !isForced) throw new Refusal("keyTaken");
  }
  const keys = values.map(([key, value]) => room.setKey(key, value, by, server.now()));
  tell(server, room, { kind: "keys", keys });
  return keys;
};

type ChatroomMethodName = Extract<MethodName, `chatroom.${string}`>;

export const chatroomMethods: { [Name in ChatroomMethodName]: ModelMethod<Name> } = {
  "chatroom.join": (server, line, { conversation, historyCount = 10, knownKeysAt = 0 }) => {
    const room = server.chatroom(conversation.id);
    room.members.set(line.device, { userId: line.userId, joinedAt: server.now() });
    tell(server, room, {
      kind: "members",
      joined: [line.userId],
      left: [],
      memberCount: room.userIds().length,
    });
    return {
      messages: historyCount > 0 ? room.messages.slice(-historyCount) : [],
      headSeq: room.messages.length,
      memberCount: room.userIds().length,
      keys: room.keysAfter(knownKeysAt),
    };
  },
  "chatroom.leave": (server, line, { conversation }) => {
    const room = server.chatroom(conversation.id);
    room.members.delete(line.device);
    tell(server, room, {
      kind: "members",
      joined: [],
      left: [line.userId],
      memberCount: room.userIds().length,
    });
    return {};
  },
  "chatroom.members": (server, line, { conversation, after, limit = 100, isNewestFirst = false }) => {
    const room = joined(server, line, conversation.id);
    const inOrder = [...room.members.values()].sort((one, other) => one.joinedAt - other.joinedAt);
    if (isNewestFirst) inOrder.reverse();
    const isBehind = (joinedAt: number) =>
      after === undefined || (isNewestFirst ? joinedAt < after : joinedAt > after);
    const members = inOrder.filter(({ joinedAt }) => isBehind(joinedAt)).slice(0, limit);
    const next = members.length === limit ? (members.at(-1)?.joinedAt ?? null) : null;
    return { memberCount: room.userIds().length, members, next };
  },
  "chatroom.keys": (server, line, { conversation, knownKeysAt = 0 }) => ({
    keys: joined(server, line, conversation.id).keysAfter(knownKeysAt),
  }),
  "chatroom.setKeys": (server, line, { conversation, keys, isForced = false }) => {
    const room = joined(server, line, conversation.id);
    const values = keys.map(({ key, value }): [string, string] => [key, value]);
    return { keys: setKeys(server, room, line.userId, values, isForced) };
  },
  "chatroom.removeKeys": (server, line, { conversation, keys, isForced = false }) => {
    const room = joined(server, line, conversation.id);
    setKeys(
      server,
      room,
      line.userId,
      keys.map((key) => [key, ""]),
      isForced,
    );
    return {};
  },
};
