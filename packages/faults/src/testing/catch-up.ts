import type { Violation } from "../checker/history.ts";
import type { Person } from "./person.ts";
import { readHead } from "./read-log.ts";
import { after } from "./visit.ts";
import type { World } from "./world.ts";

/** Milliseconds after the last fault by which everybody must have seen everything, on a machine with nothing else to do. */
export const promised = 10_000;
/** So many times as long the late ones are watched, to tell late from never. */
const patience = 3;
const lookEvery = 100;

/**
 * Called when the last fault is healed: people write for `goOnFor` milliseconds more, and each must have caught up
 * `lateAfter` milliseconds after the healing.
 */
export async function awaitCatchUp(
  world: World,
  rooms: readonly string[],
  people: readonly Person[],
  goOnFor: number,
  lateAfter: number,
  say: (what: string) => void,
): Promise<{ violations: Violation[]; tookMilliseconds: number }> {
  const healedAt = performance.now();
  const since = () => Math.round(performance.now() - healedAt);
  const violations: Violation[] = [];
  const reported = new Set<string>();
  if (goOnFor > 0) await after(goOnFor);
  for (const person of people) person.isActive = false;
  say(`nobody writes any more, ${since()} ms after the last fault`);
  for (;;) {
    const heads = await readHeads(world, rooms);
    const isWriting = people.some(({ isBusy }) => isBusy);
    const behind = heads
      ? people.flatMap((person) => whereBehind(person, heads))
      : ["the store cannot be read"];
    if (behind.length === 0 && !isWriting) break;
    if (since() > lateAfter)
      for (const text of behind) {
        if (reported.has(text)) continue;
        reported.add(text);
        say(`late: ${text}`);
      }
    if (since() > lateAfter * patience) {
      violations.push(
        ...behind.map((text) => ({
          kind: "late" as const,
          text: `never within ${(lateAfter * patience) / 1000} s: ${text}`,
        })),
      );
      break;
    }
    await after(lookEvery);
  }
  const tookMilliseconds = since();
  say(`caught up ${tookMilliseconds} ms after the last fault`);
  if (tookMilliseconds > lateAfter && violations.length === 0)
    for (const text of reported)
      violations.push({ kind: "late", text: `only ${tookMilliseconds} ms after the last fault: ${text}` });
  return { violations, tookMilliseconds };
}

/** Null while no node answers. */
async function readHeads(world: World, rooms: readonly string[]): Promise<Map<string, number> | null> {
  try {
    const url = world.nodes[0]?.process.url ?? "";
    const heads = await Promise.all(rooms.map((room) => readHead(url, world.secret, room)));
    return new Map(rooms.map((room, index) => [room, heads[index] ?? 0]));
  } catch {
    return null;
  }
}

const whereBehind = (person: Person, heads: ReadonlyMap<string, number>): string[] =>
  [...person.views.values()]
    .filter(({ room, head, isCaughtUp }) => !isCaughtUp || head < (heads.get(room) ?? 0))
    .map(
      ({ room, head, isCaughtUp }) =>
        `${person.name} ${person.whereabouts} is at ${head} of ${heads.get(room)} in ${room}${isCaughtUp ? "" : " and could not read history"}`,
    );
