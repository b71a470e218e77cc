import { describe, expect, test } from "bun:test";
import { refusalOf, useCore } from "../../testing/core-world.ts";
import { addressOf, everyNode } from "../cluster/event-address.ts";
import { userKey } from "../cluster/keys.ts";
import { messageUid } from "../messages/message-uid.ts";
import { markRead } from "../reading/mark-read.ts";
import { broadcast, recallBroadcast, tellOnline } from "./broadcast.ts";
import { findBroadcast, openBroadcast } from "./open-broadcast.ts";

const world = useCore();
const said = (fromUserId: string, content = '{"text":"hi"}') => ({
  fromUserId,
  senderData: null,
  type: "text",
  content,
  isCounted: true,
});

describe("what an app says to everybody", () => {
  test("has one conversation under each name, whoever opens it at once", async () => {
    const { core } = world;
    const opened = await Promise.all(Array.from({ length: 5 }, () => openBroadcast(core, "news")));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(opened[0]).toMatchObject({ kind: "system", admission: "everyone" });
    expect(await findBroadcast(core, "news")).toEqual(opened[0] as never);
    expect(await findBroadcast(core, "never used")).toBeNull();
    for (const name of ["", "*news", "x".repeat(256), "\ud800"])
      expect(await refusalOf(openBroadcast(core, name))).toStartWith("invalidInput");
  });

  test("goes to all nodes; how far one has read it goes to their own devices", async () => {
    const { core, published } = world;
    published.length = 0;
    const { uid } = await broadcast(core, said("office"), "iOS");
    await tellOnline(core, said("office"));
    await recallBroadcast(core, { fromUserId: "office", uid, isAnybodys: false, isDelete: false });
    const conversation = await openBroadcast(core, "office");
    const reader = { conversation, userId: "ann", userData: null };
    await markRead(core, { ...reader, upTo: Number.MAX_SAFE_INTEGER });
    expect(published.map(({ kind }) => kind)).toEqual([
      ...(["messageSent", "signalSent", "messageChanged", "readMarkMoved"] as const),
    ]);
    expect(published[0]).toMatchObject({ platform: "iOS", message: { senderId: null } });
    const addresses = published.map((event) => addressOf(core.app.id, event));
    expect(addresses).toEqual([everyNode, everyNode, everyNode, [userKey(core.app.id, "ann")]]);
  });

  test("is recalled by its name, or by anybody who may, and nothing else is recalled so", async () => {
    const { core } = world;
    const { uid } = await broadcast(core, said("office"));
    const target = { fromUserId: "other", uid, isAnybodys: false, isDelete: true };
    expect(await refusalOf(recallBroadcast(core, target))).toBe("messageNotFound");
    expect(await recallBroadcast(core, { ...target, isAnybodys: true })).toMatchObject({ kind: "delete" });
    expect(await recallBroadcast(core, { ...target, isAnybodys: true })).toBeNull();
    const group = await world.newConversation(["ann"]);
    const { sentAt } = await core.store.append({
      ...{ conversationId: group.id, senderId: "ann", type: "text", content: "{}" },
      ...{ isCounted: true, marksRead: false },
    });
    const own = { ...target, uid: messageUid(group.id, sentAt), isAnybodys: true };
    expect(await refusalOf(recallBroadcast(core, own))).toBe("messageNotFound");
  });

  test("is said under no more names than the app's setting allows", async () => {
    const { core } = world;
    const standing = (await core.store.listBroadcasts()).length;
    const few = { ...core, settings: { ...core.settings, broadcastSenders: standing + 1 } };
    await broadcast(few, said("one more"));
    expect(await refusalOf(broadcast(few, said("one too many")))).toBe("invalidInput sender");
    await broadcast(few, said("one more"));
    expect(await core.store.listBroadcasts()).toHaveLength(standing + 1);
  });
});
