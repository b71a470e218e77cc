import { describe, expect, test } from "bun:test";
import type { Conversation } from "../ports/store.ts";
import { failureOf } from "../testing/failure-of.ts";
import { Everybody } from "./everybody.ts";

const conversation = (id: number, admission: Conversation["admission"] = "everyone"): Conversation => ({
  id,
  kind: "system",
  key: `key ${id}`,
  admission,
  createdAt: 0,
});

/** A store whose lists a test lets through one by one, and what was asked of the others. */
function open() {
  const reads: { resolve(found: Conversation[]): void; reject(error: Error): void }[] = [];
  const followed: (number[] | number)[] = [];
  const everybodys = new Set<number>();
  const everybody = new Everybody({
    store: { listBroadcasts: () => new Promise((resolve, reject) => reads.push({ resolve, reject })) },
    audience: { everybodys, hearEverybodys: (id) => void everybodys.add(id) },
    order: {
      follow: async (ids) => void followed.push([...ids]),
      followFrom: (id) => {
        followed.push(id);
        return true;
      },
    },
  });
  const answer = (...ids: number[]) => reads.shift()?.resolve(ids.map((id) => conversation(id)));
  return { everybody, reads, followed, everybodys, answer };
}

describe("what is everybody's", () => {
  test("is read once, when the first user comes, and followed from its end on", async () => {
    const { everybody, reads, followed, everybodys, answer } = open();
    everybody.hear(conversation(1));
    const comings = [everybody.follow(), everybody.follow()];
    expect(reads).toHaveLength(1);
    answer(1, 2);
    await Promise.all(comings);
    expect([...everybodys]).toEqual([1, 2]);
    // Whoever comes makes sure of it: it may have been forgotten while nobody was here.
    expect(followed).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(reads).toHaveLength(0);
  });

  test("is followed from its beginning on when it was made after that", async () => {
    const { everybody, followed, everybodys, answer } = open();
    const coming = everybody.follow();
    answer(1);
    await coming;
    followed.length = 0;
    everybody.hear(conversation(1));
    everybody.hear(conversation(2));
    everybody.hear(conversation(2));
    everybody.hear(conversation(3, "members"));
    expect(followed).toEqual([2]);
    expect([...everybodys]).toEqual([1, 2]);
  });

  test("is not lost when it is made while the list is read, or its event is", async () => {
    const { everybody, followed, everybodys, answer } = open();
    const coming = everybody.follow();
    everybody.hear(conversation(1));
    everybody.hear(conversation(2));
    answer(1);
    await coming;
    expect(followed).toEqual([[1], 2, [1, 2]]);
    const recheck = everybody.recheck();
    answer(1, 2, 3);
    await recheck;
    expect(followed.at(-1)).toBe(3);
    expect([...everybodys]).toEqual([1, 2, 3]);
  });

  test("is read again by the next who comes when the store could not be asked", async () => {
    const { everybody, reads, everybodys, answer } = open();
    const coming = everybody.follow();
    reads.shift()?.reject(new Error("no store"));
    expect(await failureOf(coming)).toMatch("no store");
    const next = everybody.follow();
    answer(1);
    await next;
    expect([...everybodys]).toEqual([1]);
  });
});
