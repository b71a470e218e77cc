import { check } from "../checker/check.ts";
import type { History, LogEntry, UnreadAnswer, Violation } from "../checker/history.ts";
import { Dice } from "../plan/dice.ts";
import { drawPlan, type Plan } from "../plan/draw-plan.ts";
import type { FaultName, NodeCount } from "../plan/fault-kinds.ts";
import { befall } from "./acts.ts";
import { awaitCatchUp, promised } from "./catch-up.ts";
import { gatherPeople } from "./people.ts";
import type { Person } from "./person.ts";
import { readLog } from "./read-log.ts";
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
  const { rooms, people } = await gatherPeople(world, dice.named("people"));
  const runs = people.map((person) => person.run());
  await after(warmUp);
  const broken = await carryOut(plan, world, say);
  const { violations, tookMilliseconds } = await awaitCatchUp(
    world,
    rooms,
    people,
    plan.goOnFor,
    options.lateAfter ?? promised,
    say,
  );
  const unread = await askUnread(people);
  const logs = new Map<string, LogEntry[]>();
  for (const room of rooms)
    logs.set(room, await readLog(world.nodes[0]?.process.url ?? "", world.secret, room));
  for (const person of people) person.stop();
  await Promise.all(runs);
  violations.push(...broken, ...ownViolations(world, people), ...check(historyOf(logs, people, unread)));
  return summarize(options, plan, people, violations, tookMilliseconds);
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

async function askUnread(people: readonly Person[]): Promise<UnreadAnswer[]> {
  const answers = people.map(async (person) => {
    const silence = [...person.views.values()].map(({ room, confirmed }) => ({
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
  unread: UnreadAnswer[],
): History => ({
  logs,
  sends: people.flatMap(({ sends }) => sends),
  views: people.flatMap(({ views }) => [...views.values()]),
  unread,
});

function summarize(
  options: RunOptions,
  plan: Plan,
  people: readonly Person[],
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
    caughtUpAfter,
    faults,
    errors,
    violations,
  };
}
