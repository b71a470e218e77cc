import { describe, expect, test } from "bun:test";
import type { AppStore, Conversation } from "../../ports/store.ts";
import { ConversationCache } from "./conversation-cache.ts";

const room = (key: string, id = 1): Conversation => ({
  id,
  kind: "group",
  key,
  admission: "members",
  createdAt: 0,
});

/** A cache over look-ups that a test answers by hand, to see what happens in between. */
function openCache(capacity = 10) {
  const lookups: { key: string; answer(found: Conversation | null): void }[] = [];
  const store = {
    findConversation: (key: string) =>
      new Promise<Conversation | null>((answer) => lookups.push({ key, answer })),
  } as unknown as AppStore;
  const cache = new ConversationCache(store, capacity);
  const find = async (key: string, found: Conversation | null) => {
    const finding = cache.find(key, ["group", "chatroom"]);
    lookups.pop()?.answer(found);
    return finding;
  };
  return { cache, lookups, find, peek: (key: string) => cache.peek(key, ["group", "chatroom"]) };
}

describe("conversation cache", () => {
  test("remembers what exists, not what doesn't", async () => {
    const { find, peek, lookups } = openCache();
    expect(await find("a", room("a"))).toEqual(room("a"));
    expect(await find("b", null)).toBeNull();
    expect([peek("a"), peek("b"), lookups.length]).toEqual([room("a"), undefined, 0]);
  });

  test("keeps lists of kinds apart and forgets a deleted conversation in all of them", async () => {
    const { cache, find, peek, lookups } = openCache();
    await find("a", room("a"));
    expect(cache.peek("a", ["group"])).toBeUndefined();
    const finding = cache.find("a", ["group"]);
    lookups.pop()?.answer(room("a"));
    await finding;
    cache.forget(room("a"));
    expect([peek("a"), cache.peek("a", ["group"])]).toEqual([undefined, undefined]);
  });

  test("doesn't keep what was looked up while something was deleted", async () => {
    const { cache, lookups, peek } = openCache();
    const finding = cache.find("a", ["group", "chatroom"]);
    cache.forget(room("a"));
    lookups.pop()?.answer(room("a"));
    expect(await finding).toEqual(room("a"));
    expect(peek("a")).toBeUndefined();
  });

  test("forgets the least recently used above its capacity", async () => {
    const { find, peek } = openCache(2);
    await find("a", room("a", 1));
    await find("b", room("b", 2));
    peek("a");
    await find("c", room("c", 3));
    expect([peek("a")?.id, peek("b"), peek("c")?.id]).toEqual([1, undefined, 3]);
  });
});
