import { describe, expect, test } from "bun:test";
import { forgetMilliseconds, Heard } from "./heard.ts";

const envelope = (
  first: number,
  count: number,
  more: { publisher?: string; generation?: number; age?: number } = {},
) => ({
  publisher: "ann",
  generation: 0,
  age: 0,
  first,
  messages: Array.from({ length: count }, (_, number) => first + number),
  ...more,
});

const subscribedAt = (now: number): Heard => {
  const heard = new Heard();
  heard.begin(now);
  return heard;
};

describe("how far a subscription has heard", () => {
  test("a count without holes is no gap, a jump is one, once", () => {
    const heard = subscribedAt(0);
    expect(heard.hear(envelope(0, 3), 1)).toEqual({ skip: 0, isGap: false });
    expect(heard.hear(envelope(3, 1), 2)).toEqual({ skip: 0, isGap: false });
    expect(heard.hear(envelope(6, 2), 3)).toEqual({ skip: 0, isGap: true });
    expect(heard.hear(envelope(8, 1), 4)).toEqual({ skip: 0, isGap: false });
  });

  test("a heartbeat tells of a message that never came, and of nothing else", () => {
    const heard = subscribedAt(0);
    heard.hear(envelope(0, 3), 1);
    expect(heard.hear(envelope(3, 0), 2).isGap).toBe(false);
    expect(heard.hear(envelope(4, 0), 3).isGap).toBe(true);
    expect(heard.hear(envelope(4, 0), 4).isGap).toBe(false);
  });

  test("what was heard before is skipped", () => {
    const heard = subscribedAt(0);
    heard.hear(envelope(0, 3), 1);
    expect(heard.hear(envelope(1, 4), 2)).toEqual({ skip: 2, isGap: false });
    expect(heard.hear(envelope(0, 2), 3)).toEqual({ skip: 2, isGap: false });
    expect(heard.hear(envelope(5, 1), 4)).toEqual({ skip: 0, isGap: false });
  });

  test("publishers are counted apart", () => {
    const heard = subscribedAt(0);
    heard.hear(envelope(0, 3), 1);
    expect(heard.hear(envelope(0, 1, { publisher: "bob" }), 2)).toEqual({ skip: 0, isGap: false });
    expect(heard.hear(envelope(3, 1), 3).isGap).toBe(false);
  });

  test("who published before we subscribed is no gap; who did so afterwards and was not heard is one", () => {
    // Ages are in microseconds, our clock in milliseconds.
    expect(subscribedAt(1000).hear(envelope(7, 1, { age: 300_000 }), 1200).isGap).toBe(false);
    expect(subscribedAt(1000).hear(envelope(7, 1, { age: 200_000 }), 1200).isGap).toBe(true);
    expect(subscribedAt(1000).hear(envelope(0, 1, { age: 0 }), 1200).isGap).toBe(false);
    expect(new Heard().hear(envelope(7, 1, { age: 0 }), 1200).isGap).toBe(false);
  });

  test("a new generation begins anew", () => {
    const heard = subscribedAt(0);
    heard.hear(envelope(0, 9), 1);
    expect(heard.hear(envelope(0, 1, { generation: 4 }), 60_000)).toEqual({ skip: 0, isGap: false });
    expect(heard.hear(envelope(2, 1, { generation: 4 }), 60_001).isGap).toBe(true);
    expect(heard.hear(envelope(1, 1, { generation: 5, age: 10 }), 90_000).isGap).toBe(true);
  });

  test("silent publishers are forgotten, and a crowd of them is bounded", () => {
    const heard = subscribedAt(0);
    heard.hear(envelope(0, 1), 1);
    heard.sweep(forgetMilliseconds + 2);
    expect(heard.hear(envelope(5, 1, { age: 1e12 }), forgetMilliseconds + 3).isGap).toBe(false);
    for (let stranger = 0; stranger < 5000; stranger++)
      heard.hear(envelope(0, 1, { publisher: `stranger ${stranger}` }), 1);
    expect(heard.publishers).toBe(1024);
  });
});
