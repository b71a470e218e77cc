import { mostNamed } from "../core/chatrooms/announce.ts";
import type { ChatroomKeysChanged, ChatroomMembersChanged } from "../core/events.ts";
import { CHATROOM_KEYS, type ChatroomKey } from "../ports/store-chatrooms.ts";

type News = ChatroomMembersChanged | ChatroomKeysChanged;

interface Gathered {
  members: ChatroomMembersChanged | null;
  keys: Map<string, ChatroomKey>;
  keysEvent: ChatroomKeysChanged | null;
  timer: ReturnType<typeof setTimeout> | null;
  /** The newest that is known. */
  revision: number;
}

/** Milliseconds between two tellings, by how many are in the chatroom: each goes to all of them. */
const pauses: readonly [upTo: number, pause: number][] = [
  [100, 100],
  [1000, 1000],
  [10_000, 5000],
  [Number.POSITIVE_INFINITY, 10_000],
];
const keysPause = 100;

/** Gathers what changes in chatrooms, so that who listens hears of many at once; in a large one the more at once. */
export class ChatroomNews {
  readonly #deliver: (event: News) => void;
  readonly #rooms = new Map<number, Gathered>();

  constructor(deliver: (event: News) => void) {
    this.#deliver = deliver;
  }

  add(event: News): void {
    const id = event.conversation.id;
    let room = this.#rooms.get(id);
    if (!room) {
      room = { members: null, keys: new Map(), keysEvent: null, timer: null, revision: 0 };
      this.#rooms.set(id, room);
    }
    if (event.kind === "chatroomMembersChanged") {
      room.members = merge(room.members, event, room.revision);
      room.revision = Math.max(room.revision, event.revision);
    } else {
      room.keysEvent = event;
      for (const key of event.keys)
        if ((room.keys.get(key.key)?.changedAt ?? 0) <= key.changedAt) room.keys.set(key.key, key);
    }
    // What comes after a pause is told at once, and opens the next.
    if (!room.timer) this.#tell(id, room);
  }

  /** The chatroom is gone. */
  drop(conversationId: number): void {
    const timer = this.#rooms.get(conversationId)?.timer;
    if (timer) clearTimeout(timer);
    this.#rooms.delete(conversationId);
  }

  stop(): void {
    for (const id of [...this.#rooms.keys()]) this.drop(id);
  }

  #tell(id: number, room: Gathered): void {
    const { members, keys, keysEvent } = room;
    room.timer = null;
    if (!members && !keysEvent) {
      this.#rooms.delete(id);
      return;
    }
    let pause = keysPause;
    if (members) {
      if (hasNews(members)) this.#deliver(members);
      pause = pauses.find(([upTo]) => members.memberCount <= upTo)?.[1] ?? 0;
    }
    const changed = [...keys.values()];
    for (let from = 0; keysEvent && from < changed.length; from += CHATROOM_KEYS)
      this.#deliver({ ...keysEvent, keys: changed.slice(from, from + CHATROOM_KEYS) });
    room.members = null;
    room.keysEvent = null;
    room.keys = new Map();
    room.timer = setTimeout(() => this.#tell(id, room), pause);
  }
}

/** Nobody but who came and went again is nothing new. */
const hasNews = ({ names }: ChatroomMembersChanged): boolean =>
  names === null || names.joined.length + names.left.length > 0;

/** Who came and went in between is named in neither list. */
function merge(
  known: ChatroomMembersChanged | null,
  event: ChatroomMembersChanged,
  revision: number,
): ChatroomMembersChanged {
  if (!known) return event.revision >= revision ? event : { ...event, revision };
  const newest = event.revision >= known.revision ? event : known;
  if (!known.names || !event.names) return { ...newest, names: null };
  const [joined, left] = [new Set(known.names.joined), new Set(known.names.left)];
  for (const userId of event.names.joined) if (!left.delete(userId)) joined.add(userId);
  for (const userId of event.names.left) if (!joined.delete(userId)) left.add(userId);
  const names = joined.size + left.size <= mostNamed ? { joined: [...joined], left: [...left] } : null;
  return { ...newest, names };
}
