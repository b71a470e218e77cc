import { check } from "../checker/check.ts";
import type { History, LogEntry, Send, UnreadAnswer, Violation } from "../checker/history.ts";
import { Dice } from "../plan/dice.ts";
import { drawPlan, type Plan } from "../plan/draw-plan.ts";
import type { FaultName, NodeCount } from "../plan/fault-kinds.ts";
import { befall } from "./acts.ts";
import { awaitCatchUp, devicesOf, promised, readHeads } from "./catch-up.ts";
import { type Changes, change, showAll } from "./changes.ts";
import { sayLastWords, tryToCross } from "./last-words.ts";
import { type Crowd, gatherCrowds } from "./people.ts";
import { firstDevice, type Person } from "./person.ts";
import { readLog, statusOf } from "./read-log.ts";
import { after } from "./visit.ts";
import { startWorld, type World } from "./world.ts";

export interface RunOptions {
  seed: number;
  nodes: NodeCount;
  /** Milliseconds of faults, about. */
  milliseconds: number;
  /** Kinds to draw from; empty: all. */
  only?: readonly FaultName[];
  /** Milliseconds after the last fault by which all must have caught up, where a busy machine needs more than we promise. */
  lateAfter?: number;
  /** What happens, for who watches or debugs. */
  say?: (what: string) => void;
  /** Rejects when the run is to be broken off; what was started is stopped then. */
  brokenOff?: Promise<never>;
}

export interface Result {
  options: RunOptions;
  sends: number;
  acknowledgements: number;
  refusals: number;
  deliveries: number;
  connections: number;
  /** Changes of memberships that were confirmed, and sessions that were closed. */
  memberships: number;
  closings: number;
  /** Messages that were hidden for a while. */
  hidden: number;
  /** Milliseconds from the last healing until everybody had caught up. */
  caughtUpAfter: number;
  faults: Map<FaultName, number>;
  /** Error frames by code. */
  errors: Map<number, number>;
  violations: Violation[];
}

/** Before the first fault everybody writes for so many milliseconds. */
const warmUp = 1000;
const unreadPatience = 20_000;
/** Times that logs may have grown while they were read. */
const mostReadings = 5;

/** Starts an installation, lets people write while faults happen, and checks what it promised. Leaves nothing behind. */
export async function run(options: RunOptions): Promise<Result> {
  const startedAt = performance.now();
  const say = (what: string) =>
    options.say?.(`${((performance.now() - startedAt) / 1000).toFixed(2).padStart(7)} s  ${what}`);
  const dice = new Dice(options.seed);
  const plan = drawPlan(dice.named("plan"), options.nodes, options.milliseconds, options.only);
  const world = await startWorld(options.nodes, options.milliseconds);
  try {
    const result = watch(options, plan, world, dice, say);
    return await Promise.race(options.brokenOff ? [result, options.brokenOff] : [result]);
  } finally {
    await world.stop();
  }
}

async function watch(
  options: RunOptions,
  plan: Plan,
  world: World,
  dice: Dice,
  say: (what: string) => void,
): Promise<Result> {
  const crowds = await gatherCrowds(world, dice.named("people"));
  const people = devicesOf(crowds);
  const runs = people.map((person) => person.run());
  let isOver = false;
  const changing = crowds.map((crowd, index) => change(crowd, dice.named(`changes ${index}`), () => isOver));
  await after(warmUp);
  const violations = await carryOut(plan, world, say);
  isOver = true;
  const lateAfter = options.lateAfter ?? promised;
  const caughtUp = await awaitCatchUp(world, crowds, plan.goOnFor, lateAfter, say);
  const changes = await Promise.all(changing);
  violations.push(...(await findShown(world, crowds)));
  await Promise.all(crowds.map(showAll));
  // What was changed last is caught up with as well, and what is said last.
  const sends = (await Promise.all(crowds.map(sayLastWords))).flat();
  const again = await awaitCatchUp(world, crowds, 0, lateAfter, say);
  const { unread, logs } = await readAtRest(world, crowds, violations);
  violations.push(...(await tryToCross(crowds, (crowd, room) => statusOf(world, crowd.secret, room))));
  for (const person of people) person.stop();
  await Promise.all(runs);
  violations.push(...caughtUp.violations, ...again.violations, ...ownViolations(world, people));
  for (const text of crowds.flatMap(({ backEnd }) => backEnd.unanswered))
    violations.push({ kind: "late", text });
  violations.push(...check(historyOf(logs, people, sends, unread)));
  const hidden = crowds.reduce((sum, crowd) => sum + crowd.hidden.size, 0);
  return summarize(options, plan, people, changes, hidden, violations, caughtUp.tookMilliseconds);
}

/** What was hidden and is shown all the same, while nothing is under way. */
async function findShown(world: World, crowds: readonly Crowd[]): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const [room, log] of await readLogs(world, crowds))
    for (const { time, text } of log)
      if (crowds.some(({ rooms, hidden }) => rooms.includes(room) && hidden.has(time)))
        violations.push({ kind: "still shown", text: `${text} was hidden in ${room}` });
  return violations;
}

/** All of them, as the back ends read them. */
async function readLogs(world: World, crowds: readonly Crowd[]): Promise<Map<string, LogEntry[]>> {
  const url = world.nodes[0]?.process.url ?? "";
  const logs = new Map<string, LogEntry[]>();
  for (const { rooms, secret } of crowds)
    for (const room of rooms) logs.set(room, await readLog(url, secret, room));
  return logs;
}

/**
 * Counts, and the logs that they are counts of. A text whose sender has given up may be stored as long as a server keeps
 * it waiting, so counts and logs are of the same moment only if no log has grown between the one and the other.
 */
async function readAtRest(world: World, crowds: readonly Crowd[], violations: Violation[]) {
  for (let tries = 1; ; tries++) {
    const before = await readHeads(world, crowds);
    const unread = await askUnread(devicesOf(crowds));
    const logs = await readLogs(world, crowds);
    for (const { rooms, hidden } of crowds)
      for (const entry of rooms.flatMap((room) => logs.get(room) ?? []))
        entry.wasHidden = hidden.has(entry.time);
    const isAtRest = [...logs].every(([room, log]) => (log.at(-1)?.time ?? 0) === before?.get(room));
    if (isAtRest) return { unread, logs };
    if (tries < mostReadings) await awaitCatchUp(world, crowds, 0, promised, () => {});
    else {
      violations.push({ kind: "late", text: "logs grow without end, though nobody writes" });
      return { unread, logs };
    }
  }
}

async function carryOut(plan: Plan, world: World, say: (what: string) => void): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { pause, faults } of plan.episodes) {
    await after(pause);
    const ends = await Promise.allSettled(faults.map((fault) => befall(world, fault, say)));
    // What doesn't come back within its patience is the server's failure, not the end of the run.
    for (const end of ends)
      if (end.status === "rejected") violations.push({ kind: "crashed", text: String(end.reason) });
  }
  return violations;
}

/** Second devices move no marks, and answer when all marks stand. */
async function askUnread(people: readonly Person[]): Promise<UnreadAnswer[]> {
  const isFirst = ({ device }: Person) => device === firstDevice;
  const first = await askSome(people.filter(isFirst));
  return [...first, ...(await askSome(people.filter((person) => !isFirst(person))))];
}

async function askSome(people: readonly Person[]): Promise<UnreadAnswer[]> {
  const answers = people.map(async (person) => {
    const own = [...person.views.values()].filter(({ isMember, isMass }) => isMember && !isMass);
    const silence = own.map(({ room, confirmed }) => ({
      person: person.name,
      room,
      count: null,
      mark: confirmed,
      confirmed,
    }));
    return Promise.race([person.tellUnread(), after(unreadPatience).then(() => silence)]);
  });
  return (await Promise.all(answers)).flat();
}

const ownViolations = (world: World, people: readonly Person[]): Violation[] => [
  ...people.flatMap(({ violations }) => violations),
  ...world.nodes.flatMap(({ process }) =>
    [...process.crashes, ...process.badDrains].map((text) => ({ kind: "crashed" as const, text })),
  ),
];

const historyOf = (
  logs: Map<string, LogEntry[]>,
  people: readonly Person[],
  others: Send[],
  unread: UnreadAnswer[],
): History => ({
  logs,
  sends: [...people.flatMap(({ sends }) => sends), ...others],
  views: people.flatMap(({ views }) => [...views.values()]),
  unread,
});

function summarize(
  options: RunOptions,
  plan: Plan,
  people: readonly Person[],
  changes: readonly Changes[],
  hidden: number,
  violations: Violation[],
  caughtUpAfter: number,
): Result {
  const sends = people.flatMap((person) => person.sends);
  const faults = new Map<FaultName, number>();
  for (const { name } of plan.episodes.flatMap((episode) => episode.faults))
    faults.set(name, (faults.get(name) ?? 0) + 1);
  const errors = new Map<number, number>();
  for (const person of people)
    for (const [code, count] of person.errors) errors.set(code, (errors.get(code) ?? 0) + count);
  return {
    options,
    sends: sends.length,
    acknowledgements: sends.filter(({ answer }) => answer === "acknowledged").length,
    refusals: sends.filter(({ answer }) => answer === "refused").length,
    deliveries: people.reduce((sum, person) => sum + person.deliveries, 0),
    connections: people.reduce((sum, person) => sum + person.connections, 0),
    memberships: changes.reduce((sum, { memberships }) => sum + memberships, 0),
    hidden,
    closings: changes.reduce((sum, { closings }) => sum + closings, 0),
    caughtUpAfter,
    faults,
    errors,
    violations,
  };
}
