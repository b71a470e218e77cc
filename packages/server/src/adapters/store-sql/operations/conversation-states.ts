/**
 * The list of a user's conversations, and what each of them looks like to that user. Positions and counts are of one
 * moment, because they come from one statement: who counts on from the head counts nothing twice. Tags and the content
 * of the last message are read beside it; when they change, the state changes, too.
 */

import { sql } from "kysely";
import type { ConversationKind, Message, Micros } from "../../../ports/store.ts";
import type {
  ConversationState,
  ListPlace,
  LogPosition,
  MuteLevel,
} from "../../../ports/store-conversations.ts";
import type { Db, Flag, MembersTable } from "../schema.ts";
import { messagesAt, rowOf } from "./by-key.ts";
import { broadcastIds, everybodysSince, hasBegun, impliedMembers } from "./everybody.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { mayBeLast } from "./message-traits.ts";
import { messageColumns, toMessage } from "./messages.ts";
import { oneByOne } from "./one-by-one.ts";
import { isVisible, mentionsOf, unreadOf, type Viewer } from "./visible-messages.ts";

/** Chatrooms are on nobody's list: who is in one knows it. */
export const UNLISTED: ConversationKind = "chatroom";

/** Whether rows say who is in the conversations looked at, or all are everybody's. */
type Of = "members" | "everybody";

const membersOf = (db: Db, appId: number, userId: string, of: Of, ids?: number[]) => {
  if (of === "everybody") return impliedMembers(db, appId, userId, ids ?? []);
  return ids ? rowOf(db, "members", userId) : sql<MembersTable>`members`;
};

/** The user's memberships `me` of conversations that are on a list, with the user's settings `s`, if there are any. */
const listed = (db: Db, appId: number, userId: string, of: Of, ids?: number[]) =>
  liveConversations(db, appId, ids)
    .innerJoin(membersOf(db, appId, userId, of, ids).as("me"), (join) =>
      join.onRef("me.app_id", "=", "c.app_id").onRef("me.conversation_id", "=", "c.id"),
    )
    .leftJoin(rowOf(db, "conversation_settings", userId).as("s"), (join) =>
      join
        .onRef("s.app_id", "=", "c.app_id")
        .onRef("s.conversation_id", "=", "c.id")
        .on("s.user_id", "=", userId),
    )
    .where("me.app_id", "=", appId)
    .where("me.user_id", "=", userId)
    .where("c.kind", "<>", UNLISTED)
    .$if(of === "everybody", (query) => query.where(hasBegun(appId, userId)));

const sortAt = sql<Micros>`case when c.last_sent_at > me.changed_at then c.last_sent_at else me.changed_at end`;
const isPinned = sql<Flag>`coalesce(s.is_pinned, 0)`;
/** Off the list until a message follows; a change is none. For those few that were taken off, the log's end is looked at. */
const isRemoved = sql<Flag>`case
  when coalesce(s.removed_seq, -1) < 0 then 0
  when s.removed_seq >= c.last_seq then 1
  when s.removed_seq >= coalesce((select e.seq from messages e
    where e.app_id = c.app_id and e.conversation_id = c.id and e.change_of is null
    order by e.sent_at desc limit 1), 0) then 1
  else 0 end`;

/** Of the other one's mark. Not a join, which would walk through all marks of a large group to find that it is none. */
const ofPeer = (column: "sent_at" | "seq", userId: string) => sql<
  number | null
>`case when c.kind = 'direct' then (
  select ${sql.ref(`p.${column}`)} from read_marks p
  where p.app_id = c.app_id and p.conversation_id = c.id and p.user_id <> ${userId} limit 1) end`;

const lastVisible = (viewer: Viewer) => sql<Micros | null>`(
  select v.sent_at from messages v
  where v.app_id = c.app_id and v.conversation_id = c.id and ${isVisible("v", viewer, true)} and ${mayBeLast("v")}
  order by v.sent_at desc limit 1)`;

const viewerOf = (appId: number, userId: string, of: Of): Viewer =>
  of === "everybody" ? { appId, userId, since: everybodysSince(appId, userId) } : { appId, userId };

const selectStates = (db: Db, appId: number, userId: string, of: Of, ids: number[], cap: number) => {
  const viewer = viewerOf(appId, userId, of);
  return listed(db, appId, userId, of, ids)
    .leftJoin(rowOf(db, "read_marks", userId).as("r"), (join) =>
      join
        .onRef("r.app_id", "=", "c.app_id")
        .onRef("r.conversation_id", "=", "c.id")
        .on("r.user_id", "=", userId),
    )
    .select(["c.id", "c.kind", "c.key", "c.admission", "c.created_at as createdAt"])
    .select(["c.last_seq as headSeq", "c.last_sent_at as headAt", "c.member_count as memberCount"])
    .select(["me.changed_at as joinedAt", sortAt.as("sortAt")])
    .select(["r.sent_at as readAt", "r.seq as readSeq", "r.changed_at as readChangedAt"])
    .select([ofPeer("sent_at", userId).as("peerAt"), ofPeer("seq", userId).as("peerSeq")])
    .select([isPinned.as("isPinned"), "s.mute_level as muteLevel", "s.draft"])
    .select(["s.cleared_up_to as clearedUpTo", isRemoved.as("isRemoved")])
    .select(["s.deleted_at as deletedAt", "s.changed_at as setAt"])
    .select(lastVisible(viewer).as("lastAt"))
    .select([unreadOf(viewer).as("unread"), mentionsOf(viewer, cap).as("mentions")]);
};

type Row = Awaited<ReturnType<ReturnType<typeof selectStates>["execute"]>>[number];

const position = (sentAt: Micros | null, seq: number | null): LogPosition | null =>
  sentAt === null || seq === null ? null : { sentAt, seq };

/** Those messages, by conversation. They are found by their keys: whether they are seen was decided before. */
const findLast = async (db: Db, appId: number, rows: Row[]): Promise<Map<number, Message>> => {
  const places = rows.flatMap(({ id, lastAt }) =>
    lastAt === null ? [] : [{ conversationId: id, sentAt: lastAt }],
  );
  if (places.length === 0) return new Map();
  const found = await db
    .selectFrom(messagesAt(db, appId, places).as("m"))
    .select(messageColumns)
    .execute();
  return new Map(found.map((row) => [row.conversationId, toMessage(row)]));
};

interface Beside {
  tags: string[];
  lastMessage: Message | null;
}

const toState = (row: Row, { tags, lastMessage }: Beside, unreadCap: number): ConversationState => ({
  conversation: {
    id: row.id,
    kind: row.kind,
    key: row.key,
    admission: row.admission,
    createdAt: row.createdAt,
  },
  head: { sentAt: row.headAt, seq: row.headSeq },
  lastMessage,
  unread: Math.min(unreadCap, Number(row.unread)),
  mentions: Number(row.mentions),
  readMark: position(row.readAt, row.readSeq),
  peerReadMark: position(row.peerAt, row.peerSeq),
  settings: {
    isPinned: row.isPinned === 1,
    muteLevel: row.muteLevel as MuteLevel | null,
    draft: row.draft,
    tags,
  },
  clearedUpTo: row.clearedUpTo ?? 0,
  deletedAt: row.deletedAt ?? 0,
  isRemoved: row.isRemoved === 1,
  joinedAt: row.joinedAt,
  memberCount: row.memberCount,
  changedAt: Math.max(row.joinedAt, row.setAt ?? 0, row.readChangedAt ?? 0),
  sortAt: row.sortAt,
});

/** Ids of the user's tags on each conversation. */
const listTagIds = async (db: Db, appId: number, userId: string, ids: number[]) => {
  const found = new Map<number, string[]>();
  const rows = await db
    .selectFrom("conversation_tags as ct")
    .innerJoin("tags as t", (join) =>
      join
        .onRef("t.app_id", "=", "ct.app_id")
        .onRef("t.user_id", "=", "ct.user_id")
        .onRef("t.id", "=", "ct.tag_id"),
    )
    .select(["ct.conversation_id as id", "t.id as tagId"])
    .where("ct.app_id", "=", appId)
    .where("ct.conversation_id", "in", ids)
    .where("ct.user_id", "=", userId)
    .orderBy("t.created_at")
    .orderBy("t.id")
    .execute();
  for (const { id, tagId } of rows) found.set(id, [...(found.get(id) ?? []), tagId]);
  return found;
};

export const readStates = async (
  db: Db,
  appId: number,
  userId: string,
  ids: number[],
  unreadCap: number,
): Promise<ConversationState[]> => {
  const states: ConversationState[] = [];
  const everybodys = new Set(await broadcastIds(db, appId, ids));
  const read = async (of: Of, list: number[]) => {
    const tags = await listTagIds(db, appId, userId, list);
    const rows = await selectStates(db, appId, userId, of, list, unreadCap).execute();
    const last = await findLast(db, appId, rows);
    for (const row of rows) {
      const beside = { tags: tags.get(row.id) ?? [], lastMessage: last.get(row.id) ?? null };
      states.push(toState(row, beside, unreadCap));
    }
  };
  for (const list of idLists(ids.filter((id) => !everybodys.has(id)))) await read("members", list);
  for (const list of idLists([...everybodys])) await read("everybody", list);
  return states;
};

interface Place {
  id: number;
  isPinned: Flag;
  sortAt: Micros;
}

/** As the list is sorted: the first of the two comes first. */
const inOrder = (one: Place, other: Place): number =>
  other.isPinned - one.isPinned || other.sortAt - one.sortAt || other.id - one.id;

/** By one scan of the user's memberships, whose order nobody stores: it would change for each member with each message. */
const listPlaces = (
  db: Db,
  appId: number,
  userId: string,
  of: Of,
  { before, tagId, limit }: { before: ListPlace | null; tagId: string | null; limit: number },
  ids?: number[],
): Promise<Place[]> =>
  listed(db, appId, userId, of, ids)
    .select(["c.id", isPinned.as("isPinned"), sortAt.as("sortAt")])
    .where(isRemoved, "=", 0)
    .$if(before !== null, (query) => {
      const { isPinned: pinned, sortAt: at, conversationId } = before as ListPlace;
      return query.where(
        sql<boolean>`(${isPinned}, ${sortAt}, c.id) < (${pinned ? 1 : 0}, ${at}, ${conversationId})`,
      );
    })
    .$if(tagId !== null, (query) =>
      query.where(({ exists, selectFrom, lit }) =>
        exists(
          selectFrom("conversation_tags as ct")
            .innerJoin("tags as t", (join) =>
              join
                .onRef("t.app_id", "=", "ct.app_id")
                .onRef("t.user_id", "=", "ct.user_id")
                .onRef("t.id", "=", "ct.tag_id"),
            )
            .select(lit(1).as("one"))
            .where("ct.app_id", "=", appId)
            .whereRef("ct.conversation_id", "=", "c.id")
            .where("ct.user_id", "=", userId)
            .where("ct.tag_id", "=", tagId as string)
            .modifyEnd(oneByOne),
        ),
      ),
    )
    .orderBy("isPinned", "desc")
    .orderBy("sortAt", "desc")
    .orderBy("c.id", "desc")
    .limit(Math.max(0, limit))
    .execute();

/** What is everybody's is listed beside it, and each takes its place. */
const listIds = async (
  db: Db,
  appId: number,
  userId: string,
  page: { before: ListPlace | null; tagId: string | null; limit: number },
): Promise<number[]> => {
  const own = await listPlaces(db, appId, userId, "members", page);
  const places = [...own];
  for (const list of idLists(await broadcastIds(db, appId)))
    places.push(...(await listPlaces(db, appId, userId, "everybody", page, list)));
  return places
    .sort(inOrder)
    .slice(0, Math.max(0, page.limit))
    .map(({ id }) => id);
};

export const stateReads = {
  async listConversationStates(
    db: Db,
    appId: number,
    userId: string,
    ids: number[],
    unreadCap: number,
  ): Promise<ConversationState[]> {
    return readStates(db, appId, userId, ids, unreadCap);
  },

  async listConversations(
    db: Db,
    appId: number,
    userId: string,
    page: { before: ListPlace | null; tagId: string | null; limit: number; unreadCap: number },
  ): Promise<ConversationState[]> {
    const ids = await listIds(db, appId, userId, page);
    const states = await readStates(db, appId, userId, ids, page.unreadCap);
    const places = new Map(ids.map((id, place) => [id, place]));
    const placeOf = ({ conversation }: ConversationState) => places.get(conversation.id) as number;
    return states.sort((one, other) => placeOf(one) - placeOf(other));
  },
};
