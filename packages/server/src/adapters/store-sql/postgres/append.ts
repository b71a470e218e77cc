/** The hot path on this side: what a batch of messages becomes as parameters, and what its answer means for each. */

import { ParlanceError } from "../../../errors.ts";
import type { Appended, NewMessage } from "../../../ports/store.ts";
import { extrasOf } from "../operations/message-extras.ts";
import { traitsOf } from "../operations/message-traits.ts";
import {
  appendStatements,
  COMMIT_KEY,
  COUNTED,
  DIRECTED,
  MARKS_READ,
  TRAITS_FROM,
} from "./append-statement.ts";
import type { Batch, Outcome } from "./batch.ts";
import { int4Array, int8Array, textArray } from "./binary-arrays.ts";
import type { Connection } from "./connections.ts";
import { constraintOf, isMonthMissing, kindOf } from "./failures.ts";
import type { Answer } from "./fence.ts";
import { keepMonths, monthStart } from "./months.ts";
import { nowMicros } from "./now-micros.ts";

export interface Append {
  appId: number;
  message: NewMessage;
}

/** A conversation in a batch, with the batch's client ids by sender: a repeat within the batch is not sent at all. */
interface Wanted {
  appId: number;
  id: number;
  place: number;
  clientIds: Map<string, number> | undefined;
}

interface Item extends Append {
  wanted: Wanted;
  /** Index of the message in the same batch that has this client id already. */
  repeatOf: number | undefined;
}

/** Heads are locked in this order, on every node. */
const byId = (a: Wanted, b: Wanted): number => a.appId - b.appId || a.id - b.id;

const arrange = (appends: readonly Append[]): { items: Item[]; conversations: Wanted[] } => {
  const known = new Map<string, Wanted>();
  const items = appends.map(({ appId, message }, index): Item => {
    const { conversationId: id, senderId, clientId } = message;
    const key = `${appId}/${id}`;
    let wanted = known.get(key);
    if (wanted === undefined) {
      wanted = { appId, id, place: 0, clientIds: undefined };
      known.set(key, wanted);
    }
    let repeatOf: number | undefined;
    if (clientId != null) {
      // No text here has a NUL in it, so that this tells any two pairs apart.
      const name = `${senderId ?? ""}\0${clientId}`;
      wanted.clientIds ??= new Map();
      repeatOf = wanted.clientIds.get(name);
      if (repeatOf === undefined) wanted.clientIds.set(name, index);
    }
    return { appId, message, wanted, repeatOf };
  });
  const conversations = [...known.values()].sort(byId);
  for (const [index, wanted] of conversations.entries()) wanted.place = index + 1;
  return { items, conversations };
};

/** Of each conversation, how many messages of the batch belong to those before it: its first time is so much later. */
const countsBefore = (items: readonly Item[], conversations: readonly Wanted[]): number[] => {
  const counts = conversations.map(() => 0);
  for (const { wanted } of items) counts[wanted.place - 1] = (counts[wanted.place - 1] as number) + 1;
  let before = 0;
  return counts.map((count) => {
    before += count;
    return before - count;
  });
};

/** Microseconds that no other batch of this process has been given: times tell messages of all conversations apart. */
let nextTime = 0;
const takeTimes = (count: number): number => {
  const first = Math.max(nowMicros(), nextTime);
  nextTime = first + count;
  return first;
};

const encode = (items: readonly Item[], conversations: readonly Wanted[]): unknown[] => [
  int4Array(conversations.map(({ appId }) => appId)),
  int8Array(conversations.map(({ id }) => id)),
  int4Array(items.map(({ appId }) => appId)),
  int8Array(items.map(({ wanted }) => wanted.id)),
  int4Array(items.map(({ wanted }) => wanted.place)),
  textArray(items.map(({ message }) => message.senderId)),
  textArray(items.map(({ message }) => message.type)),
  textArray(items.map(({ message }) => message.content)),
  textArray(items.map(({ message }) => message.clientId ?? null)),
  int4Array(items.map(({ message }) => flagsOf(message))),
];

const flagsOf = (message: NewMessage): number => {
  const { isCounted, marksRead, toUserIds } = message;
  const flags = (isCounted ? COUNTED : 0) | (marksRead ? MARKS_READ : 0) | (toUserIds == null ? 0 : DIRECTED);
  return flags | (traitsOf(message) << TRAITS_FROM);
};

const listOrNull = (list: readonly string[] | undefined): string | null =>
  list === undefined || list.length === 0 ? null : JSON.stringify(list);

/** The arrays that only some batches need; null for the others. */
const encodeExtras = (items: readonly Item[]): unknown[] | null => {
  const extras = items.map(({ message }) => extrasOf(message));
  const isPlain = ({ message }: Item, index: number) => extras[index] === null && message.push == null;
  if (items.every(isPlain)) return null;
  return [
    textArray(extras.map((extra) => extra?.mentions ?? null)),
    textArray(extras.map((extra) => extra?.quote ?? null)),
    textArray(extras.map((extra) => extra?.toUsers ?? null)),
    textArray(extras.map((extra) => listOrNull(extra?.mentioned))),
    textArray(extras.map((extra) => listOrNull(extra?.recipients))),
    textArray(items.map(({ message: { push } }) => (push ? `${push.hold} ${push.wish ?? ""}` : null))),
    textArray(extras.map((extra) => extra?.keys ?? null)),
  ];
};

interface Position {
  seq: number;
  sentAt: number;
}

/** `number,seq,sentAt,number,…` */
const parsePositions = (text: string | null): Map<number, Position> => {
  const positions = new Map<number, Position>();
  const numbers = text === null ? [] : text.split(",").map(Number);
  for (let at = 0; at < numbers.length; at += 3)
    positions.set(numbers[at] as number, {
      seq: numbers[at + 1] as number,
      sentAt: numbers[at + 2] as number,
    });
  return positions;
};

const asRepeat = (first: Outcome<Appended>): Outcome<Appended> =>
  first instanceof ParlanceError ? first : { ...first, isRepeat: true };

/** Counts on from the heads exactly as the statement did. */
const decode = (
  items: readonly Item[],
  sent: readonly Item[],
  [heads, repeats]: Answer,
): Outcome<Appended>[] => {
  const ends = parsePositions(heads);
  const known = parsePositions(repeats);
  const ofSent = new Map<Item, Outcome<Appended>>();
  for (const [index, item] of sent.entries()) {
    const end = ends.get(item.wanted.place);
    const repeat = known.get(index + 1);
    if (end === undefined) ofSent.set(item, new ParlanceError("conversationNotFound"));
    else if (repeat !== undefined) ofSent.set(item, { ...repeat, isRepeat: true });
    else ofSent.set(item, { seq: ++end.seq, sentAt: ++end.sentAt, isRepeat: false });
  }
  return items.map((item) =>
    item.repeatOf === undefined
      ? (ofSent.get(item) as Outcome<Appended>)
      : asRepeat(ofSent.get(items[item.repeatOf] as Item) as Outcome<Appended>),
  );
};

/** Makes the months that these conversations' next messages may be of. */
const makeMonths = async (connection: Connection, conversations: readonly Wanted[], now: number) => {
  const query = `select c.last_sent_at + 1 from conversations c
    join unnest($1::int4[], $2::int8[]) w (app_id, id) on c.app_id = w.app_id and c.id = w.id`;
  const lists = [
    int4Array(conversations.map(({ appId }) => appId)),
    int8Array(conversations.map(({ id }) => id)),
  ];
  const ends = (await connection.rows<[number]>(query, lists)).map(([end]) => Math.max(end, now));
  await keepMonths(
    connection,
    ends.flatMap((end) => [end, monthStart(end, 1)]),
    now,
  );
};

/** A batch of at most 500 messages, none with a NUL or an unsafe number. */
export const appendBatch = (appends: readonly Append[]): Batch<Appended> => {
  const { items, conversations } = arrange(appends);
  const sent = items.filter(({ repeatOf }) => repeatOf === undefined);
  const extras = encodeExtras(sent);
  const arrays = encode(sent, conversations);
  const before = int4Array(countsBefore(sent, conversations));
  const kinds = appendStatements[extras === null ? "plain" : "withExtras"];
  let { name, text } = kinds.recent;
  return {
    appId: appends[0]?.appId as number,
    async run(connection, key) {
      const now = takeTimes(sent.length);
      const months = [monthStart(now), monthStart(now, 1)];
      const values = [...key, now, ...arrays, ...months, before, ...(extras ?? [])];
      const append = async () => (await connection.rows<Answer>(text, values, name))[0] as Answer;
      try {
        return await append();
      } catch (error) {
        // Perhaps a client id that was not among the recent ones: the next attempt looks for it further back.
        if (kindOf(error) === "conflict" && constraintOf(error) !== COMMIT_KEY)
          ({ name, text } = kinds.searching);
        if (!isMonthMissing(error)) throw error;
        await makeMonths(connection, conversations, now);
        return await append();
      }
    },
    decode: (answer) => decode(items, sent, answer),
  };
};
