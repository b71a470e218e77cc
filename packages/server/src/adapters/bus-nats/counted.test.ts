import { describe, expect, test } from "bun:test";
import { CountedSubjects } from "./counted.ts";

const same = (subject: string) => subject;

/** Ticks of 250 ms between two times; gives when heartbeats were sent. */
const beatTimes = (subjects: CountedSubjects, from: number, to: number, canSend = true): number[] => {
  const times: number[] = [];
  for (let now = from; now <= to; now += 250)
    subjects.beat(now, () => {
      if (canSend) times.push(now);
      return canSend;
    });
  return times;
};

describe("the counts of what was published", () => {
  test("six heartbeats in the three seconds after the last message, then silence", () => {
    const subjects = new CountedSubjects();
    subjects.touch("room", same, 0);
    subjects.touch("room", same, 100);
    expect(beatTimes(subjects, 100, 20_000)).toEqual([600, 1100, 1600, 2100, 2600, 3100]);
  });

  test("a subject that is busy sends none", () => {
    const subjects = new CountedSubjects();
    const times: number[] = [];
    for (let now = 0; now < 5000; now += 200) {
      subjects.touch("room", same, now);
      times.push(...beatTimes(subjects, now, now));
    }
    expect(times).toEqual([]);
  });

  test("what could not be sent stays due", () => {
    const subjects = new CountedSubjects();
    subjects.touch("room", same, 0);
    expect(beatTimes(subjects, 0, 60_000, false)).toEqual([]);
    expect(beatTimes(subjects, 60_000, 90_000).length).toBe(6);
  });

  test("retelling begins at once, for what was published lately", () => {
    const subjects = new CountedSubjects();
    subjects.touch("room", same, 0);
    beatTimes(subjects, 0, 5000);
    subjects.retell();
    expect(beatTimes(subjects, 5000, 20_000)[0]).toBe(5000);
    subjects.sweep(60_000);
    subjects.retell();
    expect(beatTimes(subjects, 60_000, 70_000)).toEqual([]);
  });

  test("a count goes on for as long as it is remembered, then a new generation begins", () => {
    const subjects = new CountedSubjects();
    const first = subjects.touch("room", same, 0);
    expect(subjects.touch("room", same, 29_000)).toBe(first);
    subjects.sweep(100_000);
    // Its heartbeats have not been sent yet.
    expect(subjects.touch("room", same, 100_000)).toBe(first);
    beatTimes(subjects, 100_000, 104_000);
    subjects.sweep(200_000);
    const second = subjects.touch("room", same, 200_000);
    expect(second.generation).toBeGreaterThan(first.generation);
    expect([second.next, second.startedAt]).toEqual([0, 200_000]);
  });
});
