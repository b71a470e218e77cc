import { describe, expect, test } from "bun:test";
import type { ConversationRef } from "@parlance/protocol";
import type { NativeClient } from "../../testing/native-client.ts";
import { newClientId, say, textsOf, useNativeWorld } from "../../testing/native-world.ts";
import { until } from "../../testing/until.ts";

const world = useNativeWorld({ chatroomGraceSeconds: 2 });
let made = 0;
const newHall = (): ConversationRef => ({ kind: "chatroom", id: `hall-${++made}-${crypto.randomUUID()}` });
const join = (client: NativeClient, conversation: ConversationRef, historyCount = 0) =>
  client.request("chatroom.join", { conversation, historyCount });
const membersOf = async (client: NativeClient, conversation: ConversationRef) =>
  (await client.request("chatroom.members", { conversation })).members.map(({ userId }) => userId);
const told = (client: NativeClient, kind: string) => client.next("chatroom", (data) => data.kind === kind);

describe("a chatroom", () => {
  test("is heard by who joined, on all devices, until they leave", async () => {
    const hall = newHall();
    const [ann, ben] = await world.clients("ann", "ben");
    const tablet = await world.client("ben", "tablet");
    expect(await join(ann, hall, 10)).toEqual({ messages: [], headSeq: 0, memberCount: 1, keys: [] });
    await say(ann, hall, "first");
    await say(ann, hall, "second");
    const joined = await join(ben, hall, 1);
    expect([textsOf(joined.messages), joined.headSeq, joined.memberCount]).toEqual([["second"], 2, 2]);
    await say(ann, hall, "third");
    for (const client of [ann, ben, tablet])
      expect((await client.next("message", ({ seq }) => seq === 3)).content).toEqual({ text: "third" });
    expect(await membersOf(ben, hall)).toEqual(["ann", "ben"]);
    const newest = await ann.request("chatroom.members", {
      conversation: hall,
      limit: 1,
      isNewestFirst: true,
    });
    expect(newest).toMatchObject({ memberCount: 2, members: [{ userId: "ben" }] });

    // Who comes and goes before anybody was told is not told of at all.
    await ann.next("chatroom", ({ kind, joined }) => kind === "members" && joined?.includes("ben") === true);
    await tablet.request("chatroom.leave", { conversation: hall });
    await told(ben, "left");
    await told(tablet, "left");
    await ann.next("chatroom", ({ kind, left }) => kind === "members" && left?.includes("ben") === true);
    await say(ann, hall, "fourth");
    await ann.next("message", ({ seq }) => seq === 4);
    expect(JSON.stringify([...ben.unread, ...tablet.unread])).not.toContain("fourth");
    expect(await ben.refusal("chatroom.members", { conversation: hall })).toBe("notJoined");
  });

  test("tells who comes and goes, and who is gone leaves by itself", async () => {
    const hall = newHall();
    const [cid, dan] = await world.clients("cid", "dan");
    await join(cid, hall);
    await join(dan, hall);
    await cid.next("chatroom", ({ joined }) => joined?.includes("dan") === true);
    dan.terminate();
    const gone = await cid.next("chatroom", ({ left }) => left?.includes("dan") === true);
    expect(gone).toMatchObject({ conversation: hall, kind: "members", memberCount: 1 });
    const again = await world.client("dan");
    expect(await again.refusal("chatroom.keys", { conversation: hall })).toBe("notJoined");
    expect((await join(again, hall)).memberCount).toBe(2);
  });

  test("keeps the place of who has another device, and of who came back in time", async () => {
    const hall = newHall();
    const [eva, fay] = await world.clients("eva", "fay");
    const tablet = await world.client("fay", "tablet");
    await join(eva, hall);
    await join(fay, hall);
    fay.terminate();
    // Somebody who went later is gone: what was to be settled of Fay is.
    const gil = await world.client("gil");
    await join(gil, hall);
    gil.terminate();
    await eva.next("chatroom", ({ left }) => left?.includes("gil") === true);
    expect(await membersOf(eva, hall)).toEqual(["eva", "fay"]);
    await say(eva, hall, "still here?");
    await tablet.next("message", ({ content }) => content.text === "still here?");
    const back = await world.client("fay");
    tablet.terminate();
    const ida = await world.client("ida");
    await join(ida, hall);
    ida.terminate();
    await eva.next("chatroom", ({ left }) => left?.includes("ida") === true);
    await say(eva, hall, "welcome back");
    await back.next("message", ({ content }) => content.text === "welcome back");
  });

  test("tells who is there page by page, in order of joining or the newest first", async () => {
    const hall = newHall();
    const names = Array.from({ length: 7 }, (_, index) => `paged-${index}`);
    const clients = await world.clients(...names);
    for (const client of clients) await join(client, hall);
    const [reader] = clients as [NativeClient];
    const pages = async (isNewestFirst: boolean, limit: number) => {
      const found: string[][] = [];
      for (let after: number | null | undefined; after !== null; ) {
        const page = { conversation: hall, limit, isNewestFirst, ...(after === undefined ? {} : { after }) };
        const { members, next, memberCount } = await reader.request("chatroom.members", page);
        expect(memberCount).toBe(7);
        found.push(members.map(({ userId }) => userId));
        after = next;
      }
      return found;
    };
    expect(await pages(false, 3)).toEqual([names.slice(0, 3), names.slice(3, 6), names.slice(6)]);
    expect(await pages(true, 3)).toEqual([
      ["paged-6", "paged-5", "paged-4"],
      ["paged-3", "paged-2", "paged-1"],
      ["paged-0"],
    ]);
    expect(await pages(false, 100)).toEqual([names]);
    expect(await reader.refusal("chatroom.members", { conversation: hall, after: -1 })).toBe("invalidParams");
  });

  test("takes a storm of joins, and tells large rooms the count alone", async () => {
    const hall = newHall();
    const host = await world.client("host");
    await join(host, hall);
    const crowd = await Promise.all(
      Array.from({ length: 150 }, (_, index) => world.client(`crowd-${index}`)),
    );
    await Promise.all(crowd.map((client) => join(client, hall)));
    await host.next("chatroom", ({ memberCount }) => memberCount === 151);
    await say(host, hall, "hello, everyone");
    for (const client of crowd) await client.next("message");
    for (const client of crowd) client.close();
    await host.next("chatroom", ({ memberCount }) => memberCount === 1);
  });

  test("is one of twenty at most, and none is joined that is no chatroom", async () => {
    const hal = await world.client("hal");
    const halls = Array.from({ length: 20 }, newHall);
    for (const hall of halls) await join(hal, hall);
    expect(await hal.refusal("chatroom.join", { conversation: newHall() })).toBe("tooManyChatrooms");
    await hal.request("chatroom.leave", { conversation: halls[0] as ConversationRef });
    await join(hal, newHall());
    const group = await world.group("hal", "ida");
    expect(await hal.refusal("chatroom.join", { conversation: group })).toBe("wrongKind");
    expect(await hal.refusal("chatroom.leave", { conversation: newHall() })).toBe("conversationNotFound");
    expect(await hal.refusal("chatroom.join", { conversation: halls[1], historyCount: 51 })).toBe(
      "invalidParams",
    );
  });

  test("takes so many messages at once, and tells who sent one too many", async () => {
    const hall = newHall();
    const [jan, kim] = await world.clients("jan", "kim");
    await join(kim, hall);
    const sends = await Promise.all(
      Array.from({ length: 95 }, (_, index) => {
        const message = { clientId: newClientId(), type: "text", content: { text: `${index}` } };
        return jan.ask("message.send", { conversation: hall, ...message });
      }),
    );
    const sent = sends.filter((reply) => "result" in reply).length;
    const refused = sends.flatMap((reply) => ("error" in reply ? [reply.error] : []));
    expect(sent).toBeGreaterThanOrEqual(40);
    for (const error of refused)
      expect(error).toMatchObject({ name: "rateLimited", retryAfterMs: expect.any(Number) });
    await kim.next("message", ({ seq }) => seq === sent);
  });
});

describe("keys of a chatroom", () => {
  test("are told to all who are there, and belong to who set them", async () => {
    const hall = newHall();
    const [lea, max] = await world.clients("lea", "max");
    await join(lea, hall);
    await join(max, hall);
    const keys = [{ key: "topic", value: "Tea" }];
    const set = await lea.request("chatroom.setKeys", { conversation: hall, keys });
    expect(set.keys).toMatchObject([{ key: "topic", value: "Tea", by: "lea" }]);
    for (const client of [lea, max]) expect((await told(client, "keys")).keys).toEqual(set.keys);
    expect(await max.refusal("chatroom.setKeys", { conversation: hall, keys })).toBe("keyTaken");
    expect(await max.refusal("chatroom.removeKeys", { conversation: hall, keys: ["topic"] })).toBe(
      "keyTaken",
    );
    await max.request("chatroom.removeKeys", { conversation: hall, keys: ["topic"], isForced: true });
    expect((await told(lea, "keys")).keys).toMatchObject([{ key: "topic", value: "", by: "max" }]);
    const since = set.keys[0]?.at as number;
    const known = await lea.request("chatroom.keys", { conversation: hall, knownKeysAt: since });
    expect(known.keys).toMatchObject([{ key: "topic", value: "" }]);
    expect(await lea.request("chatroom.keys", { conversation: hall })).toEqual({ keys: [] });
  });

  test("go with their owner if they are to, and are kept from who is not there", async () => {
    const hall = newHall();
    const [nia, oli] = await world.clients("nia", "oli");
    await join(nia, hall);
    const seat = [{ key: "seat-1", value: "oli" }];
    expect(await oli.refusal("chatroom.setKeys", { conversation: hall, keys: seat })).toBe("notJoined");
    await join(oli, hall);
    await oli.request("chatroom.setKeys", { conversation: hall, keys: seat, isAutoDelete: true });
    await told(nia, "keys");
    oli.terminate();
    expect((await told(nia, "keys")).keys).toMatchObject([{ key: "seat-1", value: "" }]);
    const bad = [{ key: "a b", value: "x" }];
    expect(await nia.refusal("chatroom.setKeys", { conversation: hall, keys: bad })).toBe("invalidParams");
  });
});

describe("chat rooms of the back end", () => {
  test("are joined where anybody may, and stay what they are to its people", async () => {
    const open = await world.i2a.shop.room(["pam"], 2);
    const hall: ConversationRef = { kind: "chatroom", id: open.slice(0, open.lastIndexOf(":")) };
    const closedRoom = await world.i2a.shop.room(["pam"], 3);
    const closed = { kind: "chatroom", id: closedRoom.slice(0, closedRoom.lastIndexOf(":")) };
    const [pam, quin] = await world.clients("pam", "quin");
    expect(await quin.refusal("chatroom.join", { conversation: closed })).toBe("notAllowed");
    expect((await join(quin, hall)).memberCount).toBe(1);
    await say(quin, hall, "hello");
    await pam.next("message", ({ content }) => content.text === "hello");
    await join(pam, hall);
    await pam.request("chatroom.leave", { conversation: hall });
    await say(quin, hall, "still");
    await pam.next("message", ({ content }) => content.text === "still");
    await world.i2a.shop.call("DELETE", `chat-room/${encodeURIComponent(open)}/`);
    await told(quin, "destroyed");
    await until("the room is gone", async () => {
      const outcome = await quin.refusal("chatroom.members", { conversation: hall });
      return outcome === "conversationNotFound";
    });
  });
});
