import { describe, expect, test } from "bun:test";
import { say, textsOf, useNativeWorld } from "../../testing/native-world.ts";

const world = useNativeWorld();

async function prepare() {
  const group = await world.group("ann", "ben");
  const [ann, ben] = await world.clients("ann", "ben");
  const { sentAt } = await say(ann, group, "first");
  const target = { conversation: group, sentAt };
  const shown = async () => (await ben.request("message.get", target)).message;
  return { group, ann, ben, sentAt, target, shown };
}

describe("a message", () => {
  test("is modified by its author: everybody hears it, history shows it, the log tells it", async () => {
    const { group, ann, ben, sentAt, target, shown } = await prepare();
    const made = await ann.request("message.modify", { ...target, content: { text: "better" } });
    expect(made.seq).toBe(2);
    expect(await ben.next("change")).toEqual({
      ...{ conversation: group, seq: 2, sentAt: made.sentAt, by: "ann" },
      change: { of: sentAt, seq: 1, kind: "modify", content: { text: "better" } },
    });
    expect(await shown()).toMatchObject({
      content: { text: "better" },
      modifiedAt: made.sentAt,
      changeSeq: 2,
    });
    expect(await ben.refusal("message.modify", { ...target, content: { text: "mine" } })).toBe("notYours");
    const { entries } = await ben.request("message.since", { conversation: group, afterSeq: 0 });
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2]);
    const { messages, headSeq } = await ben.request("message.history", { conversation: group });
    expect([textsOf(messages), headSeq]).toEqual([["better"], 2]);
    const { state } = await ben.request("conversation.get", { conversation: group });
    expect(state).toMatchObject({
      head: { seq: 2 },
      unread: 1,
      lastMessage: { content: { text: "better" } },
    });
  });

  test("is recalled and keeps its place, or deleted and leaves nothing; once is enough", async () => {
    const { group, ann, ben, target, shown } = await prepare();
    expect(await ben.refusal("message.recall", target)).toBe("notYours");
    const made = await ann.request("message.recall", target);
    expect(await ben.next("change")).toMatchObject({ seq: 2, change: { kind: "recall", seq: 1 } });
    expect(await shown()).toMatchObject({ state: "recalled", content: {} });
    expect((await ann.request("message.recall", target)).seq).toBe(made.seq);
    expect(await ann.refusal("message.modify", { ...target, content: { text: "x" } })).toBe(
      "messageNotFound",
    );
    const second = await say(ann, group, "second");
    const { sentAt } = second;
    await ann.request("message.recall", { conversation: group, sentAt, isDelete: true });
    expect((await ben.next("change", ({ seq }) => seq === 4)).change.kind).toBe("delete");
    const { messages } = await ben.request("message.history", { conversation: group });
    expect(textsOf(messages)).toEqual(["recalled"]);
    const { state } = await ben.request("conversation.get", { conversation: group });
    expect(state).toMatchObject({ unread: 0, lastMessage: { state: "recalled" }, head: { seq: 4 } });
    expect(await ann.refusal("message.recall", { conversation: group, sentAt: 5 })).toBe("messageNotFound");
  });

  test("takes keys of anybody who sees it", async () => {
    const { ann, ben, target, shown } = await prepare();
    await ben.request("message.setKeys", { ...target, keys: { "like=ben": "1", vote: "a" } });
    expect((await ann.next("change")).change).toMatchObject({
      kind: "setKeys",
      keys: { "like=ben": "1", vote: "a" },
    });
    await ann.request("message.setKeys", { ...target, keys: { vote: "b" } });
    await ann.request("message.removeKeys", { ...target, keys: ["like=ben", "unknown"] });
    expect((await ben.next("change", ({ seq }) => seq === 4)).change.removedKeys).toContain("like=ben");
    expect((await shown()).keys).toEqual({ vote: "b" });
    expect(await ben.refusal("message.setKeys", { ...target, keys: { "no good": "1" } })).toBe(
      "invalidParams",
    );
    for (let from = 0; from < 300; from += 100) {
      const keys = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${from + index}`, ""]));
      const reply = await ben.ask("message.setKeys", { ...target, keys });
      if (from < 200) expect(reply).toHaveProperty("result");
      else expect(reply).toMatchObject({ error: { name: "tooManyKeys" } });
    }
  });

  test("is hidden and shown again by the app", async () => {
    const { group, ben, sentAt, target, shown } = await prepare();
    const setActive = (is_active: boolean) =>
      world.i2a.shop.post(`chat-message/${sentAt}000/set-active/`, { is_active });
    await setActive(false);
    expect(await ben.next("change")).toMatchObject({
      by: null,
      change: { kind: "hide", of: sentAt, seq: 1 },
    });
    expect((await ben.request("message.history", { conversation: group })).messages).toEqual([]);
    expect(await ben.refusal("message.get", target)).toBe("messageNotFound");
    await setActive(true);
    expect((await ben.next("change")).change.kind).toBe("show");
    expect((await shown()).content).toEqual({ text: "first" });
    expect(await ben.refusal("message.recall", target)).toBe("notYours");
  });

  test("keeps the order of sends and changes of one connection", async () => {
    const { group, ann, ben, target } = await prepare();
    const replies = await Promise.all([
      say(ann, group, "a"),
      ann.request("message.modify", { ...target, content: { text: "b" } }),
      say(ann, group, "c"),
      ann.request("message.recall", target),
      say(ann, group, "d"),
    ]);
    expect(replies.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6]);
    expect((await ben.next("message", ({ seq }) => seq === 6)).content).toEqual({ text: "d" });
  });
});
