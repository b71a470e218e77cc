import type { LogEntry, UnreadAnswer, Violation } from "./history.ts";

/** Where the dialect stops counting. */
const mostCounted = 100;

/** Counts equal a recount from the log and the marks, and a mark that was confirmed is not lost. */
export function checkUnread(
  logs: ReadonlyMap<string, LogEntry[]>,
  answers: readonly UnreadAnswer[],
): Violation[] {
  const wrong: Violation[] = [];
  for (const { person, room, count, mark, confirmed } of answers) {
    const log = logs.get(room) ?? [];
    const unread = log.filter(({ time, author }) => time > mark && author !== person).length;
    const expected = Math.min(unread, mostCounted);
    if (count !== expected)
      wrong.push({
        kind: "wrong unread",
        text: `${person} is told ${count ?? "nothing"} in ${room}; behind the mark ${mark} the log has ${expected}`,
      });
    if (mark < confirmed)
      wrong.push({
        kind: "mark lost",
        text: `${person}'s mark in ${room} was confirmed at ${confirmed} and stands at ${mark}`,
      });
  }
  return wrong;
}
