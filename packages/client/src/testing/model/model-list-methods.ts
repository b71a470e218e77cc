import type { ConversationState, MethodName } from "@parlance/protocol";
import type { ModelMethod } from "./model-methods.ts";
import { type ModelServer, modelLimits } from "./model-server.ts";
import { Refusal } from "./refusal.ts";

const tagsOf = (server: ModelServer, userId: string): string[] => {
  const tags = server.tags.get(userId) ?? ["work"];
  server.tags.set(userId, tags);
  return tags;
};

const without = (list: readonly string[], gone: readonly string[]) =>
  list.filter((item) => !gone.includes(item));

type ListMethodName = Extract<MethodName, `conversation.${string}` | `tag.${string}`>;

export const listMethods: { [Name in ListMethodName]: ModelMethod<Name> } = {
  "conversation.sync": (server, { userId }, { cursor }) => {
    const from = Number(cursor ?? 0);
    const changed = [...server.conversations.values()]
      .map((conversation) => ({ conversation, at: conversation.members.get(userId)?.touchedAt ?? 0 }))
      // Some overlap, as a server with several writers has it: repeats are harmless.
      .filter(({ at }) => at > 0 && at > from - 20_000)
      .sort((one, other) => one.at - other.at);
    const fresh = changed.filter(({ at }) => at > from).slice(0, modelLimits.conversationsPage);
    const repeats = changed.filter(({ at }) => at <= from).slice(-1);
    const states = [...repeats, ...fresh].map(({ conversation }) => conversation.stateFor(userId));
    const last = fresh.at(-1)?.at ?? from;
    return {
      conversations: cursor ? states : states.filter((state) => !("isRemoved" in state)),
      cursor: String(last || 1),
      hasMore: changed.some(({ at }) => at > last),
      isFull: !cursor,
    };
  },
  "conversation.list": (server, { userId }) => ({
    conversations: [...server.conversations.values()]
      .filter((conversation) => conversation.members.has(userId))
      .map((conversation) => conversation.stateFor(userId))
      .filter((state): state is ConversationState => !("isRemoved" in state)),
    next: null,
  }),
  "conversation.get": (server, { userId }, { conversation }) => {
    const found = server.find(userId, conversation);
    found.row(userId);
    return { state: found.stateFor(userId) };
  },
  "conversation.update": (server, { userId }, { conversation, tags, ...settings }) => {
    const found = server.find(userId, conversation);
    const row = found.row(userId);
    row.settings = { ...row.settings, ...settings };
    if (tags)
      row.settings.tags = [
        ...without(row.settings.tags, [...(tags.remove ?? []), ...(tags.add ?? [])]),
        ...(tags.add ?? []),
      ];
    return told(server, userId, found);
  },
  "conversation.markRead": (server, { userId }, { conversation, sentAt }) => {
    const found = server.find(userId, conversation);
    const row = found.row(userId);
    const upTo = found.entries.findLast((entry) => entry.sentAt <= sentAt);
    if (upTo && upTo.seq > row.readMark.seq) {
      row.readMark = { seq: upTo.seq, sentAt: upTo.sentAt };
      found.touch(userId, server.now());
      for (const [member, { isOut }] of found.members) {
        if (isOut) continue;
        // The other's state shows the mark too.
        if (found.ref.kind === "direct" && member !== userId)
          (found.members.get(member) as { touchedAt: number }).touchedAt = server.now();
        server.tell(member, "readMark", { conversation: found.refFor(member), userId, ...row.readMark });
      }
    }
    return { readMark: row.readMark };
  },
  "conversation.clear": (server, { userId }, { conversation, upTo }) => {
    const found = server.find(userId, conversation);
    const row = found.row(userId);
    row.clearedUpTo = Math.max(row.clearedUpTo, upTo);
    return told(server, userId, found);
  },
  "conversation.remove": (server, { userId }, { conversation }) => {
    const found = server.find(userId, conversation);
    const row = found.row(userId);
    row.removedAt = server.now();
    found.touch(userId, row.removedAt);
    server.tellState(found, userId);
    return {};
  },
  "conversation.members": (server, { userId }, { conversation }) => {
    const found = server.find(userId, conversation);
    found.row(userId);
    const members = [...found.members]
      .filter(([, { isOut }]) => !isOut)
      .map(([member]) => ({ userId: member }));
    return { members, next: null };
  },
  "tag.create": (server, { userId }, { name }) => {
    if (tagsOf(server, userId).includes(name)) throw new Refusal("tagExists");
    tagsOf(server, userId).push(name);
    return {};
  },
  "tag.rename": (server, { userId }, { name, newName }) => {
    const at = tagsOf(server, userId).indexOf(name);
    if (at < 0) throw new Refusal("tagNotFound");
    tagsOf(server, userId)[at] = newName;
    return {};
  },
  "tag.remove": (server, { userId }, { name }) => {
    const at = tagsOf(server, userId).indexOf(name);
    if (at < 0) throw new Refusal("tagNotFound");
    tagsOf(server, userId).splice(at, 1);
    return {};
  },
  "tag.list": (server, { userId }) => ({
    tags: tagsOf(server, userId).map((name) => ({ name, conversationCount: 0 })),
  }),
};

/** Also to the user's other devices. */
function told(
  server: ModelServer,
  userId: string,
  found: ReturnType<ModelServer["find"]>,
): { state: ConversationState } {
  found.touch(userId, server.now());
  server.tellState(found, userId);
  const state = found.stateFor(userId);
  if ("isRemoved" in state) throw new Refusal("conversationNotFound");
  return { state };
}
