import type { Change, ConversationRef, MethodName, ParamsOf, ResultOf } from "@parlance/protocol";
import { isChange } from "../../sync/apply-change.ts";
import { chatroomMethods } from "./model-chatroom-methods.ts";
import type { ModelLine } from "./model-line.ts";
import { listMethods } from "./model-list-methods.ts";
import { type ModelServer, modelLimits } from "./model-server.ts";
import { Refusal } from "./refusal.ts";

export type ModelMethod<Name extends MethodName> = (
  server: ModelServer,
  line: ModelLine,
  params: ParamsOf<Name>,
) => ResultOf<Name>;

type ChangeParams = { conversation: ConversationRef; sentAt: number };

const changed = (
  server: ModelServer,
  { userId }: ModelLine,
  { conversation, sentAt }: ChangeParams,
  change: Omit<Change["change"], "of" | "seq">,
) => {
  const found = server.find(userId, conversation);
  found.row(userId);
  const entry = found.change(userId, sentAt, change, server.now());
  server.tellEntry(found, entry);
  return { seq: entry.seq, sentAt: entry.sentAt };
};

type ModelMethods = { [Name in MethodName]: ModelMethod<Name> };

const messageMethods = {
  "message.send": (server, line, params) => {
    const { userId } = line;
    if (params.conversation.kind === "chatroom") {
      const room = server.chatroom(params.conversation.id);
      if (!room.members.has(line.device)) throw new Refusal("notJoined");
      const message = room.send(userId, params, server.now());
      for (const member of room.userIds())
        server.tell(member, "message", { conversation: room.ref, ...message });
      return { seq: message.seq, sentAt: message.sentAt, isRepeat: false };
    }
    const found = server.find(userId, params.conversation, true);
    const { type, content } = params;
    if (params.isPersisted === false) {
      const sentAt = server.now();
      for (const member of found.members.keys())
        if (member !== userId)
          server.tell(member, "signal", {
            conversation: found.refFor(member),
            from: userId,
            type,
            content,
            sentAt,
          });
      return { seq: 0, sentAt, isRepeat: false };
    }
    const { message, isRepeat } = found.send(userId, params, server.now());
    // Who is new to a direct conversation hears first that it is in the list.
    if (!isRepeat && message.seq === 1 && found.ref.kind === "direct")
      for (const member of found.members.keys()) server.tellState(found, member);
    if (!isRepeat) server.tellEntry(found, message);
    return { seq: message.seq, sentAt: message.sentAt, isRepeat };
  },
  "message.history": (server, { userId }, { conversation, before, after, limit = 50 }) => {
    const found = server.find(userId, conversation);
    const all = found.history(userId);
    const most = Math.min(limit, modelLimits.historyPage);
    const wanted = all.filter(({ sentAt }) => sentAt < (before ?? Infinity) && sentAt > (after ?? 0));
    const messages = after === undefined ? wanted.slice(-most) : wanted.slice(0, most);
    return { messages, hasMore: messages.length < wanted.length, headSeq: found.head.seq };
  },
  "message.since": (server, { userId }, { conversation, afterSeq, limit = 1000 }) => {
    const found = server.find(userId, conversation);
    found.row(userId);
    if (afterSeq < found.head.seq - modelLimits.sinceBehind || afterSeq > found.head.seq)
      throw new Refusal("tooOld");
    const most = Math.min(limit, modelLimits.sincePage);
    const throughSeq = Math.min(found.head.seq, afterSeq + most);
    return { entries: found.since(userId, afterSeq, most), throughSeq, hasMore: throughSeq < found.head.seq };
  },
  "message.get": (server, { userId }, { conversation, sentAt }) => {
    const message = server
      .find(userId, conversation)
      .history(userId)
      .find((one) => one.sentAt === sentAt);
    if (!message) throw new Refusal("messageNotFound");
    return { message };
  },
  "message.recall": (server, line, { isDelete = false, ...target }) =>
    changed(server, line, target, { kind: isDelete ? "delete" : "recall" }),
  "message.modify": (server, line, { content, ...target }) =>
    changed(server, line, target, { kind: "modify", content }),
  "message.setKeys": (server, line, { keys, ...target }) =>
    changed(server, line, target, { kind: "setKeys", keys }),
  "message.removeKeys": (server, line, { keys, ...target }) =>
    changed(server, line, target, { kind: "removeKeys", removedKeys: keys }),
  "message.deleteMine": (server, { userId }, { conversation, sentAt }) => {
    const found = server.find(userId, conversation);
    const row = found.row(userId);
    for (const one of sentAt) row.deleted.add(one);
    row.deletedAt = server.now();
    found.touch(userId, server.now());
    server.tellState(found, userId);
    return {};
  },
  "message.readers": (server, { userId }, { conversation, sentAt }) => {
    const found = server.find(userId, conversation);
    const message = found.entries.find((entry) => !isChange(entry) && entry.sentAt === sentAt);
    if (!message) throw new Refusal("messageNotFound");
    const read = [...found.members]
      .filter(([, row]) => row.readMark.seq >= message.seq)
      .map(([member]) => ({ userId: member }));
    return { read, readCount: read.length, memberCount: found.members.size, next: null };
  },
  "signal.send": (server, { userId }, { conversation, type, content = {} }) => {
    const found = server.find(userId, conversation);
    for (const member of found.members.keys())
      if (member !== userId)
        server.tell(member, "signal", {
          conversation: found.refFor(member),
          from: userId,
          type,
          content,
          sentAt: server.now(),
        });
    return {};
  },
} satisfies Partial<ModelMethods>;

const peopleMethods = {
  ping: (server) => ({ now: server.now() }),
  "user.get": (_server, _line, { userIds }) => ({
    users: userIds.map((id) => ({ id, data: `{"name":"${id}"}` })),
  }),
  "presence.watch": (server, line, { userIds, seconds = 600 }) => {
    const watched = server.watches.get(line) ?? new Set();
    server.watches.set(line, watched);
    for (const userId of userIds) watched.add(userId);
    return {
      users: userIds.map((userId) => server.presenceOf(userId)),
      expiresAt: server.now() + seconds * 1_000_000,
    };
  },
  "push.register": () => ({}),
  "push.unregister": () => ({}),
  "push.settings": () => ({ mute: {}, quiet: null, hidesDetails: false }),
  "push.update": () => ({ mute: {}, quiet: null, hidesDetails: false }),
  "presence.unwatch": (server, line, { userIds }) => {
    for (const userId of userIds) server.watches.get(line)?.delete(userId);
    return {};
  },
} satisfies Partial<ModelMethods>;

export const modelMethods: ModelMethods = {
  ...messageMethods,
  ...listMethods,
  ...peopleMethods,
  ...chatroomMethods,
};
