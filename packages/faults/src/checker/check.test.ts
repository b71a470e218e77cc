/** The checker sees what it is there for: a history that is right, and the same one with each promise broken. */

import { describe, expect, test } from "bun:test";
import { check } from "./check.ts";
import type { History, LogEntry, Send, Sight, View, ViolationKind } from "./history.ts";

const room = "room";
const texts = ["ann:0", "bob:0", "ann:1", "ann:2", "bob:1", "ann:3"];
const timeOf = (index: number) => 1000 + 10 * index;

/** Ann and Bob write in turns; Cy listens on two connections and reads history in between. */
function rightHistory() {
  const log: LogEntry[] = texts.map((text, index) => ({
    time: timeOf(index),
    author: text.split(":")[0] as string,
    text,
  }));
  const sends: Send[] = log.map(({ author, text, time }) => ({
    person: author,
    device: "phone",
    room,
    text,
    begunAt: time,
    answer: "acknowledged",
    time,
  }));
  sends.push({
    person: "bob",
    device: "phone",
    room,
    text: "bob:2",
    begunAt: 0,
    answer: "refused",
    time: null,
  });
  const first: Sight = { known: 0, live: [timeOf(1)], history: [timeOf(0)], isCaughtUp: true };
  const second: Sight = {
    known: timeOf(1),
    live: [timeOf(3), timeOf(4), timeOf(5)],
    history: [timeOf(2), timeOf(3)],
    isCaughtUp: true,
  };
  const unread = { person: "cy", room, count: 3 as number | null, mark: timeOf(2), confirmed: timeOf(1) };
  const history: History = {
    logs: new Map([[room, log]]),
    sends,
    views: [{ person: "cy", room, isMember: true, sights: [first, second] }],
    unread: [unread],
  };
  return { history, log, sends, first, second, unread };
}

type Parts = ReturnType<typeof rightHistory>;

/** Kinds of violations after the history was broken. */
function kindsAfter(breakIt: (parts: Parts) => void): ViolationKind[] {
  const parts = rightHistory();
  breakIt(parts);
  return [...new Set(check(parts.history).map(({ kind }) => kind))].sort();
}

const swap = (list: unknown[], one: number, other: number) => {
  [list[one], list[other]] = [list[other], list[one]];
};

test("a history that is right has no violation", () => {
  expect(kindsAfter(() => {})).toEqual([]);
});

describe("what was sent", () => {
  test("lost: an acknowledged message isn't in the log", () => {
    expect(kindsAfter(({ log }) => log.splice(4, 1))).toContain("lost");
  });

  test("lost: it is there, but not as it was acknowledged", () => {
    const kinds = kindsAfter(({ sends }) => Object.assign(sends[4] as Send, { time: 1 }));
    expect(kinds).toEqual(["lost"]);
  });

  test("doubled: a text is stored twice", () => {
    const kinds = kindsAfter(({ log, second }) => {
      log.push({ time: timeOf(6), author: "bob", text: "bob:1" });
      second.live.push(timeOf(6));
    });
    expect(kinds).toContain("doubled");
  });

  test("reordered: an acknowledged message comes after a later one in the log", () => {
    expect(
      kindsAfter(({ log, sends }) => {
        const [second, third] = [log[2] as LogEntry, log[3] as LogEntry];
        [second.text, third.text] = [third.text, second.text];
        swap(sends, 2, 3);
        sends.splice(2, 2, ...sends.slice(2, 4).reverse());
        Object.assign(sends[2] as Send, { time: third.time });
        Object.assign(sends[3] as Send, { time: second.time });
      }),
    ).toEqual(["reordered"]);
  });

  test("reordered: not so for a text whose outcome nobody knew", () => {
    const kinds = kindsAfter(({ sends }) => {
      swap(sends, 2, 3);
      Object.assign(sends[2] as Send, { answer: "unanswered", time: null });
    });
    expect(kinds).toEqual([]);
  });

  test("reordered: not so for what came from two devices of a person", () => {
    const kinds = kindsAfter(({ sends }) => {
      Object.assign(sends[2] as Send, { device: "laptop" });
      swap(sends, 2, 3);
    });
    expect(kinds).toEqual([]);
  });

  test("refused but stored", () => {
    const kinds = kindsAfter(({ sends }) =>
      Object.assign(sends[4] as Send, { answer: "refused", time: null }),
    );
    expect(kinds).toEqual(["refused but stored"]);
  });

  test("foreign: nobody sent it, or somebody else", () => {
    expect(kindsAfter(({ sends }) => sends.splice(4, 1))).toEqual(["foreign"]);
    expect(kindsAfter(({ sends }) => Object.assign(sends[4] as Send, { person: "eve" }))).toEqual([
      "foreign",
    ]);
  });
});

describe("what was seen", () => {
  test("missing live: a gap among frames", () => {
    expect(kindsAfter(({ second }) => second.live.splice(1, 1))).toEqual(["behind", "missing live"]);
  });

  test("missing live: between history and the first frame, though a later connection read it", () => {
    const kinds = kindsAfter(({ second }) => {
      second.history.pop();
      second.live.shift();
    });
    expect(kinds).toEqual(["behind", "missing live"]);
    expect(
      kindsAfter(({ first, second }) => {
        first.live = [timeOf(2)];
        second.known = timeOf(0);
        second.history.unshift(timeOf(1));
      }),
    ).toEqual(["missing live"]);
  });

  test("missing live: behind what was known, when history had nothing new", () => {
    const kinds = kindsAfter(({ second }) =>
      Object.assign(second, { history: [], live: [timeOf(4), timeOf(5)] }),
    );
    expect(kinds).toEqual(["behind", "missing live"]);
  });

  test("missing live: the end, for who is still connected", () => {
    expect(kindsAfter(({ second }) => second.live.pop())).toEqual(["behind", "missing live"]);
  });

  test("repeated live", () => {
    expect(kindsAfter(({ second }) => second.live.push(timeOf(4)))).toEqual(["repeated live"]);
  });

  test("reordered live", () => {
    expect(kindsAfter(({ second }) => swap(second.live, 1, 2))).toEqual(["reordered live"]);
  });

  test("never logged", () => {
    expect(kindsAfter(({ first }) => first.live.push(1))).toEqual(["never logged"]);
  });

  test("history differs: something is left out, or comes in another order", () => {
    const leftOut = kindsAfter(({ second }) => second.history.shift());
    expect(leftOut).toEqual(["behind", "history differs"]);
    expect(kindsAfter(({ second }) => swap(second.history, 0, 1))).toContain("history differs");
  });

  test("who was added may hear late frames from before, and must hear all that was sent from then on", () => {
    const join = ({ second }: Parts) => {
      // A frame from before the removal, nothing of what came while away, history later.
      Object.assign(second, { joinedAt: timeOf(3) - 1, live: [timeOf(1), timeOf(3), timeOf(4), timeOf(5)] });
      second.history = [timeOf(2), timeOf(3), timeOf(4)];
    };
    expect(kindsAfter(join)).toEqual([]);
    expect(
      kindsAfter((parts) => {
        join(parts);
        parts.second.live.splice(1, 1);
      }),
    ).toEqual(["missing live"]);
    expect(
      kindsAfter((parts) => {
        join(parts);
        Object.assign(parts.second, { joinedAt: timeOf(9), live: [timeOf(1), timeOf(5)] });
      }),
    ).toEqual([]);
  });

  test("what was hidden for a while need not have been seen, but must not be lost", () => {
    const hide = ({ log, second, first }: Parts) => {
      Object.assign(log[1] as LogEntry, { wasHidden: true });
      Object.assign(log[3] as LogEntry, { wasHidden: true });
      first.live = [];
      second.known = timeOf(0);
      second.history = [timeOf(2)];
      second.live = [timeOf(4), timeOf(5)];
    };
    expect(kindsAfter(hide)).toEqual([]);
    expect(
      kindsAfter((parts) => {
        hide(parts);
        parts.log.splice(3, 1);
      }),
    ).toContain("lost");
  });

  test("who was removed need not have seen the end, but what came must have come in order and without gaps", () => {
    const remove = ({ history }: Parts) => Object.assign(history.views[0] as View, { isMember: false });
    const kinds = kindsAfter((parts) => {
      remove(parts);
      parts.second.live.pop();
    });
    expect(kinds).toEqual([]);
    expect(
      kindsAfter((parts) => {
        remove(parts);
        parts.second.live.splice(1, 1);
      }),
    ).toEqual(["missing live"]);
  });

  test("behind: nothing was seen of the last messages", () => {
    const kinds = kindsAfter(({ history }) => history.views[0]?.sights.pop());
    expect(kinds).toContain("behind");
  });
});

describe("what is unread", () => {
  test("wrong unread: a count that is not the log's, and no answer at all", () => {
    expect(kindsAfter(({ unread }) => Object.assign(unread, { count: 2 }))).toEqual(["wrong unread"]);
    expect(kindsAfter(({ unread }) => Object.assign(unread, { count: null }))).toEqual(["wrong unread"]);
  });

  test("one's own messages don't count, and counts stop at 100", () => {
    expect(kindsAfter(({ unread }) => Object.assign(unread, { person: "bob", count: 2 }))).toEqual([]);
    const kinds = kindsAfter(({ history, log, sends, unread }) => {
      for (let index = 6; index < 200; index++) {
        const text = `ann:${index}`;
        log.push({ time: timeOf(index), author: "ann", text });
        sends.push({
          person: "ann",
          device: "phone",
          room,
          text,
          begunAt: 0,
          answer: "acknowledged",
          time: timeOf(index),
        });
      }
      history.views = [];
      unread.count = 100;
    });
    expect(kinds).toEqual([]);
  });

  test("mark lost: it stands before where it was confirmed", () => {
    expect(kindsAfter(({ unread }) => Object.assign(unread, { confirmed: timeOf(5) }))).toEqual([
      "mark lost",
    ]);
  });
});
