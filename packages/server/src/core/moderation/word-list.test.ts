import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { ParlanceError } from "../../errors.ts";
import type { AppStore } from "../../ports/store.ts";
import { openTestCore, type TestCore } from "../../testing/test-core.ts";
import { until } from "../../testing/until.ts";
import { changeMessage } from "../messages/change-message.ts";
import { sendMessage } from "../messages/send-message.ts";
import { addWords } from "./sensitive-words.ts";
import { WordList } from "./word-list.ts";

describe("a list of words", () => {
  const row = (key: string) => ({ key, word: key, replaceWith: null });
  let app = { wordsRevision: 0 };
  let stored: ReturnType<typeof row>[] = [];
  let reads = 0;
  let isAway = false;
  const store: Pick<AppStore, "listWords"> = {
    async listWords(after, limit) {
      reads++;
      if (isAway) throw new ParlanceError("unavailable");
      return stored.filter(({ key }) => after === null || key > after).slice(0, limit);
    },
  };
  const change = (...keys: string[]) => {
    stored = keys.map(row).sort((one, other) => (one.key < other.key ? -1 : 1));
    app = { wordsRevision: app.wordsRevision + 1 };
  };
  const newList = () => new WordList(store, () => app as never);
  beforeEach(() => {
    [app, stored, reads, isAway] = [{ wordsRevision: 0 }, [], 0, false];
  });

  test("asks nothing of the store while an app has no words", () => {
    const list = newList();
    expect([list.ready(), list.words, reads]).toEqual([null, null, 0]);
  });

  test("is read when it is first wanted, by many at once only once, and all of it", async () => {
    change(...Array.from({ length: 2500 }, (_, index) => `w${index}`));
    const list = newList();
    list.follow();
    expect(reads).toBe(0);
    await Promise.all([list.ready(), list.ready()]);
    expect([reads, list.words?.size, list.ready()]).toEqual([3, 2500, null]);
  });

  test("holds until the next one is there, which is made when the app has changed", async () => {
    change("a");
    const list = newList();
    await list.ready();
    const before = list.words;
    change("a", "b");
    list.follow();
    expect([list.ready(), list.words]).toEqual([null, before]);
    await until("it is replaced", () => list.words !== before);
    expect(list.words?.size).toBe(2);
    change();
    list.follow();
    await until("it is empty", () => list.words === null);
    expect(list.ready()).toBeNull();
  });

  test("that can't be read lets nobody pass who never had one, and the old one hold otherwise", async () => {
    change("a");
    isAway = true;
    const list = newList();
    expect(await Promise.resolve(list.ready()).catch((error) => error.code)).toBe("unavailable");
    isAway = false;
    await list.ready();
    isAway = true;
    change("a", "b");
    list.follow();
    await until("it was asked for", () => reads === 3);
    expect([list.ready(), list.words?.size]).toEqual([null, 1]);
    isAway = false;
    await until("it is read again", () => list.ready() === null && list.words?.size === 2);
  });
});

describe("messages of back ends", () => {
  let world: TestCore;
  beforeAll(async () => {
    world = await openTestCore();
    await addWords(world.core, [
      { word: "bad", replaceWith: null },
      { word: "darn", replaceWith: "***" },
    ]);
  });
  afterAll(() => world.close());

  const prepare = async (isFiltered: boolean) => {
    const node = world.newNode() as { app: unknown } & ReturnType<TestCore["newNode"]>;
    const [app] = await world.store.apps.list();
    Object.assign(node, { app: { ...app, settings: { filterServerMessages: isFiltered } } });
    const key = `room-${isFiltered}`;
    const wanted = { kind: "group", key, admission: "members", memberIds: ["ann"] } as const;
    const { conversation } = await node.store.ensureConversation({ ...wanted, memberIds: ["ann"] });
    const author = { conversation, senderId: "ann", senderData: null, marksRead: false };
    const send = async (text: string, type = "text", clientId?: string) => {
      const said = { type, content: JSON.stringify({ text }), ...(clientId && { clientId }) };
      return (await sendMessage(node, { ...author, ...said })).message;
    };
    const modify = async (of: number, text: string) =>
      (
        await changeMessage(node, {
          conversation,
          of,
          kind: "modify",
          by: null,
          content: JSON.stringify({ text }),
        })
      )?.content;
    return { send, modify };
  };
  const refusal = (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error) => error.code,
    );

  test("pass as they are", async () => {
    const { send, modify } = await prepare(false);
    const { content, sentAt } = await send("bad, darn");
    expect(content).toBe('{"text":"bad, darn"}');
    expect(await modify(sentAt, "darn, bad")).toBe('{"text":"darn, bad"}');
  });

  test("are looked through where the app wants it, but for types that are the app's own", async () => {
    const { send, modify } = await prepare(true);
    expect(await refusal(send("bad"))).toBe("blockedBySensitiveWord");
    const { content, sentAt } = await send("darn");
    expect(content).toBe('{"text":"***"}');
    expect(await modify(sentAt, "oh darn")).toBe('{"text":"oh ***"}');
    expect(await refusal(modify(sentAt, "bad"))).toBe("blockedBySensitiveWord");
    expect((await send("bad", "app:own")).content).toBe('{"text":"bad"}');
  });

  test("that were stored before the word was there are found by who repeats them", async () => {
    const { send } = await prepare(true);
    const { seq } = await send("worse", "text", "once");
    await addWords(world.core, [{ word: "worse", replaceWith: null }]);
    const later = await prepare(true);
    expect((await later.send("worse", "text", "once")).seq).toBe(seq);
    expect(await refusal(later.send("worse", "text", "twice"))).toBe("blockedBySensitiveWord");
  });

  test("may not become larger than a message may be", async () => {
    await addWords(world.core, [{ word: "ööö", replaceWith: "x".repeat(32) }]);
    const { send } = await prepare(true);
    expect(await refusal(send("ööö".repeat(1000)))).toBe("invalidInput");
  });
});
