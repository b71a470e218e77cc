import { afterEach, expect, test } from "bun:test";
import type { ChatroomKeysChanged, ChatroomMembersChanged } from "../core/events.ts";
import type { Conversation } from "../ports/store.ts";
import { until } from "../testing/until.ts";
import { ChatroomNews } from "./chatroom-news.ts";

const hall: Conversation = { id: 1, kind: "chatroom", key: "hall", admission: "open", createdAt: 0 };
let told: (ChatroomMembersChanged | ChatroomKeysChanged)[] = [];
const opened: ChatroomNews[] = [];
const open = () => {
  told = [];
  const news = new ChatroomNews((event) => told.push(event));
  opened.push(news);
  return news;
};
afterEach(() => {
  for (const news of opened.splice(0)) news.stop();
});

const members = (
  revision: number,
  memberCount: number,
  joined: string[],
  left: string[] = [],
): ChatroomMembersChanged => ({
  ...{ kind: "chatroomMembersChanged", conversation: hall, names: { joined, left }, memberCount, revision },
});
const keys = (changedAt: number, value: string | null): ChatroomKeysChanged => ({
  kind: "chatroomKeysChanged",
  conversation: hall,
  keys: [{ key: "topic", value, userId: "ann", isAutoDelete: false, changedAt }],
});

test("the first is told at once, those of a pause together", async () => {
  const news = open();
  news.add(members(1, 1, ["ann"]));
  expect(told).toEqual([members(1, 1, ["ann"])]);
  news.add(members(2, 3, ["ben", "cid"]));
  news.add(members(4, 3, ["dan"], ["cid"]));
  // Late, and older: its names count, its number doesn't.
  news.add(members(3, 2, [], ["ann"]));
  expect(told).toHaveLength(1);
  await until("the rest is told", () => told.length === 2);
  expect(told[1]).toEqual(members(4, 3, ["ben", "dan"], ["ann"]));
});

test("of many nobody is named", async () => {
  const news = open();
  news.add(members(1, 1, ["ann"]));
  for (let index = 0; index < 150; index++) news.add(members(2 + index, 2 + index, [`user-${index}`]));
  await until("the crowd is told", () => told.length === 2);
  expect(told[1]).toMatchObject({ names: null, memberCount: 151 });
});

test("the last state of each key is told", async () => {
  const news = open();
  news.add(keys(1, "Tea"));
  news.add(keys(3, null));
  news.add(keys(2, "Coffee"));
  await until("the change is told", () => told.length === 2);
  expect(told).toEqual(
    [keys(1, "Tea"), keys(3, null)].map((event, at) =>
      at === 0 ? event : { ...told[1], keys: event.keys },
    ) as typeof told,
  );
});

test("nothing is told of a room that is gone", async () => {
  const news = open();
  news.add(members(1, 1, ["ann"]));
  news.add(members(2, 2, ["ben"]));
  news.drop(hall.id);
  const other = { ...hall, id: 2 };
  news.add({ ...members(1, 1, ["zoe"]), conversation: other });
  news.add({ ...members(2, 2, ["yan"]), conversation: other });
  await until("the other is told", () => told.length === 3);
  expect(told.filter(({ conversation }) => conversation.id === hall.id)).toHaveLength(1);
});
