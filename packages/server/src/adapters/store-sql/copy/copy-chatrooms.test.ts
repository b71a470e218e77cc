import { afterAll, beforeAll, expect, test } from "bun:test";
import { type PostgresServer, startPostgres } from "../../../testing/postgres-server.ts";
import { openPostgresStore } from "../postgres.ts";
import { newGroup, temporaries } from "../testing/temporary.ts";
import { copyInstallation } from "./copy-installation.ts";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop(), 60_000);

const { newFile, openStore } = temporaries();

test("a copy takes chatrooms with their keys, and those who are in them for as long as they may be away", async () => {
  const file = await newFile();
  const { own, appId } = await newGroup(await openStore(file));
  const hall = await own.createConversation({
    ...{ kind: "chatroom", key: "hall", admission: "open", memberIds: [] },
  });
  const joined = ["ann", "ben"].map((userId) => ({ conversationId: hall.id, userId }));
  await own.updateChatrooms({ left: [], joined }, 20);
  const change = { userId: "ann", isAutoDelete: false, isForced: false, mustBePresent: true };
  await own.changeChatroomKeys(hall.id, { ...change, set: [{ key: "topic", value: "Tea" }], remove: [] });
  await own.changeChatroomKeys(hall.id, { ...change, set: [{ key: "seat", value: "1" }], remove: [] });
  await own.changeChatroomKeys(hall.id, { ...change, set: [], remove: ["seat"] });
  const everything = async (of: typeof own) => ({
    room: await of.findChatroom(hall.id),
    members: await of.listChatroomMembers(hall.id, { after: null, isNewestFirst: false, limit: 10 }),
    keys: await of.listChatroomKeys(hall.id, 1),
  });
  const expected = await everything(own);
  expect([expected.room?.memberCount, expected.keys.keys.length]).toEqual([2, 2]);
  const options = { file, url: postgres.url(await postgres.createDatabase()) };
  await copyInstallation({ ...options, isAtRest: true, compareAll: true, onProgress() {} });
  const target = await openPostgresStore({ url: options.url, connections: 2 });
  try {
    expect(await everything(target.forApp(appId))).toEqual(expected);
    expect((await target.forApp(appId).settleChatrooms(600_000, 10)).changes).toMatchObject([
      { memberCount: 0 },
    ]);
  } finally {
    await target.close();
  }
});
