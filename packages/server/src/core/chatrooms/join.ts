import { ParlanceError } from "../../errors.ts";
import type { Conversation, Micros } from "../../ports/store.ts";
import type { ChatroomKeys } from "../../ports/store-chatrooms.ts";
import type { Core } from "../core.ts";
import { type HistoryEntry, listHistory } from "../messages/list-history.ts";
import { ensureChatroom, findChatroom } from "./find-chatroom.ts";
import type { Entrance } from "./member-writer.ts";

/** Messages that joining may bring. */
export const mostHistoryOnJoin = 50;

export interface JoinChatroom {
  userId: string;
  /** The chatroom's id on the wire. */
  key: string;
  /** Newest messages to come with the answer, 0 to 50. */
  historyCount: number;
  /** Keys that changed after this are wanted; null: all. */
  knownKeysAt: Micros | null;
  /** True: only a chatroom that is there, whatever the deployment allows. */
  mustExist?: boolean;
}

export interface JoinedChatroom {
  conversation: Conversation;
  /** Where the log ended: what comes after it is heard live, and may be among the messages, too. */
  headSeq: number;
  memberCount: number;
  /** Oldest first. */
  messages: HistoryEntry[];
  keys: ChatroomKeys;
}

/**
 * The user is a member from now on, on all devices, until they leave or are offline for longer than the time of grace;
 * who was one keeps the place. Throws `conversationNotFound`, `notMember` where only the back end admits people,
 * `tooManyChatrooms`, `invalidInput`, `unavailable` (then they may have joined; joining again is safe).
 */
export async function joinChatroom(core: Core, input: JoinChatroom): Promise<JoinedChatroom> {
  const { userId, key, historyCount, knownKeysAt } = input;
  const mayBeMade = core.chatrooms.bounds.areMadeByJoining && !input.mustExist;
  const find = () => (mayBeMade ? ensureChatroom(core, key) : findChatroom(core, key));
  const conversation = await find();
  const entrance = await enter(core, conversation, userId).catch(async (error) => {
    // It may be known here for a moment after it is gone, and there again meanwhile.
    if (!(error instanceof ParlanceError && error.code === "conversationNotFound")) throw error;
    core.conversations.forget(conversation);
    return enter(core, await find(), userId);
  });
  const [messages, keys] = await Promise.all([
    historyCount > 0 ? shared(histories, entrance, () => readHistory(core, entrance)) : [],
    knownKeysAt === null
      ? shared(wholeKeys, entrance, () => core.store.listChatroomKeys(entrance.conversation.id, null))
      : core.store.listChatroomKeys(entrance.conversation.id, knownKeysAt),
  ]);
  return {
    conversation: entrance.conversation,
    headSeq: entrance.seq,
    memberCount: entrance.memberCount,
    messages: historyCount > 0 ? messages.slice(-Math.min(historyCount, mostHistoryOnJoin)) : [],
    keys,
  };
}

async function enter(core: Core, conversation: Conversation, userId: string): Promise<Entrance> {
  if (conversation.admission !== "open" && !(await core.store.isMember(conversation.id, userId)))
    throw new ParlanceError("notMember");
  return core.chatrooms.members.join(conversation, userId);
}

const readHistory = async (core: Core, { conversation }: Entrance): Promise<HistoryEntry[]> =>
  (
    await listHistory(core, conversation, { before: null, limit: mostHistoryOnJoin, withRecalled: true })
  ).reverse();

/** Who came in the same batch is given the same: it was read after all of them had begun to hear the room. */
const histories = new WeakMap<Entrance, Promise<HistoryEntry[]>>();
const wholeKeys = new WeakMap<Entrance, Promise<ChatroomKeys>>();

function shared<Result>(
  known: WeakMap<Entrance, Promise<Result>>,
  entrance: Entrance,
  read: () => Promise<Result>,
): Promise<Result> {
  let reading = known.get(entrance);
  if (!reading) {
    reading = read();
    known.set(entrance, reading);
  }
  return reading;
}

/** The user hears nothing of it any more, on no device. Harmless for who is not in it. Throws `unavailable`. */
export function leaveChatroom(core: Core, conversation: Conversation, userId: string): Promise<void> {
  return core.chatrooms.members.leave(conversation, userId);
}
