import {
  type LogEntry,
  type Send,
  type Sight,
  some,
  type Time,
  type View,
  type Violation,
  type ViolationKind,
} from "./history.ts";

/**
 * Each listener's view is the log: frames of a connection come in its order, each once, without gaps among themselves
 * or behind the history that was read; at the end everything was seen.
 */
export function checkViews(
  logs: ReadonlyMap<string, LogEntry[]>,
  views: readonly View[],
  sends: readonly Send[],
): Violation[] {
  const wrong: Violation[] = [];
  const begun = new Map(sends.map(({ text, begunAt }) => [text, begunAt]));
  for (const [room, log] of logs) {
    const places = new Map(log.map(({ time }, index) => [time, index]));
    for (const view of views) if (view.room === room) wrong.push(...checkView(view, places, log, begun));
  }
  return wrong;
}

function checkView(
  view: View,
  places: ReadonlyMap<Time, number>,
  log: readonly LogEntry[],
  begun: ReadonlyMap<string, number>,
): Violation[] {
  const wrong: Violation[] = [];
  const seen = new Set<number>();
  const textOf = (index: number) => `${log[index]?.text}@${log[index]?.time}`;
  for (const [number, sight] of view.sights.entries()) {
    const isLast = view.isMember && number === view.sights.length - 1;
    const start = log.findLastIndex(({ time }) => time <= sight.known);
    const { joinedAt } = sight;
    const due =
      joinedAt === undefined ? null : log.findIndex(({ text }) => (begun.get(text) ?? 0) > joinedAt);
    const found = checkSight(sight, start, due, places, log, isLast, textOf);
    const where = `${view.person} in ${view.room}, connection ${number + 1} of ${view.sights.length}`;
    wrong.push(...found.map(({ kind, text }) => ({ kind, text: `${where}: ${text}` })));
    for (const time of [...sight.live, ...sight.history]) seen.add(places.get(time) ?? -1);
  }
  if (!view.isMember) return wrong;
  const unseen = log.keys().filter((index) => !seen.has(index) && !log[index]?.wasHidden);
  const missing = [...unseen].map(textOf);
  if (missing.length > 0)
    wrong.push({ kind: "behind", text: `${view.person} never saw in ${view.room}: ${some(missing)}` });
  return wrong;
}

/** `start`: the place up to which everything was known before. `isLast`: no later connection followed.
 * `due`: the first that was sent after the person was added, if that began it; -1: none was. */
function checkSight(
  { live, history, isCaughtUp }: Sight,
  start: number,
  due: number | null,
  places: ReadonlyMap<Time, number>,
  log: readonly LogEntry[],
  isLast: boolean,
  textOf: (index: number) => string,
): Violation[] {
  const wrong: Violation[] = [];
  const add = (kind: ViolationKind, say: string, indexes: readonly number[]) => {
    if (indexes.length > 0) wrong.push({ kind, text: `${say} ${some(indexes.map(textOf))}` });
  };
  const addMissing = (kind: ViolationKind, say: string, indexes: readonly number[]) =>
    add(
      kind,
      say,
      indexes.filter((index) => !log[index]?.wasHidden),
    );
  const unknown = [...live, ...history].filter((time) => !places.has(time));
  if (unknown.length > 0)
    wrong.push({ kind: "never logged", text: `saw what is not in the log: ${some(unknown)}` });
  const indexes = live.flatMap((time) => places.get(time) ?? []);
  const read = history.flatMap((time) => places.get(time) ?? []);

  const heard = new Set<number>();
  const repeated = indexes.filter((index) => heard.size === heard.add(index).size);
  add("repeated live", "heard again", repeated);
  const once = [...heard];
  add(
    "reordered live",
    "heard after a later one:",
    once.filter((index, at) => at > 0 && index < (once[at - 1] as number)),
  );

  // Behind what history showed last, everything must come live; before the first frame it need not.
  const end = Math.max(start, read.at(-1) ?? -1);
  const first = once.reduce((least, index) => Math.min(least, index), Number.POSITIVE_INFINITY);
  const last = once.reduce((most, index) => Math.max(most, index), -1);
  const joined = due === null ? first : due < 0 ? Number.POSITIVE_INFINITY : due;
  const from = isCaughtUp ? Math.min(joined, end + 1) : joined;
  addMissing("missing live", "did not hear", missingFrom(heard, from, last));
  addMissing("history differs", "history left out", missingFrom(new Set(read), start + 1, end));
  if (read.some((index, at) => at > 0 && index <= (read[at - 1] as number)))
    wrong.push({ kind: "history differs", text: "history is out of order" });
  if (isLast && isCaughtUp)
    addMissing(
      "missing live",
      "is still connected and did not hear",
      range(Math.max(last, end) + 1, log.length - 1),
    );
  return wrong;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => from + offset);

const missingFrom = (present: ReadonlySet<number>, from: number, to: number): number[] =>
  from > to ? [] : range(from, to).filter((index) => !present.has(index));
