import type { Violation } from "../checker/history.ts";
import type { Crowd } from "./people.ts";
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
  crowds: readonly Crowd[],
  goOnFor: number,
  lateAfter: number,
  say: (what: string) => void,
): Promise<{ violations: Violation[]; tookMilliseconds: number }> {
  const people = devicesOf(crowds);
  const healedAt = performance.now();
  const since = () => Math.round(performance.now() - healedAt);
  const violations: Violation[] = [];
  const reported = new Set<string>();
  if (goOnFor > 0) await after(goOnFor);
  for (const person of people) person.isActive = false;
  say(`nobody writes any more, ${since()} ms after the last fault`);
  for (;;) {
    const heads = await readHeads(world, crowds);
    const isWriting = people.some(({ isBusy }) => isBusy);
    const behind = heads
      ? people.flatMap((person) => whereBehind(person, heads, healedAt))
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

/** Where every room's log ends; null while no node answers. */
export async function readHeads(world: World, crowds: readonly Crowd[]): Promise<Map<string, number> | null> {
  try {
    const url = world.nodes[0]?.process.url ?? "";
    const heads = crowds.flatMap(({ rooms, secret }) =>
      rooms.map(async (room) => [room, await readHead(url, secret, room)] as const),
    );
    return new Map(await Promise.all(heads));
  } catch {
    return null;
  }
}

export const devicesOf = (crowds: readonly Crowd[]): Person[] =>
  crowds.flatMap(({ people }) => people.flat());

/** Memberships that changed after the healing have as long from then on: who waits for them calls again. */
function whereBehind(person: Person, heads: ReadonlyMap<string, number>, healedAt: number): string[] {
  const { label, whereabouts, trouble } = person;
  const views = [...person.views.values()].filter(({ settledAt }) => settledAt <= healedAt);
  const behind = views
    .filter(
      ({ room, head, isMember, isCaughtUp }) => isMember && (!isCaughtUp || head < (heads.get(room) ?? 0)),
    )
    .map(
      ({ room, head, isCaughtUp }) =>
        `${label} ${whereabouts} is at ${head} of ${heads.get(room)} in ${room}${isCaughtUp ? "" : " and could not read history"}`,
    );
  const open = views
    .filter(({ isMember, isRefused }) => !isMember && !isRefused)
    .map(({ room }) => `${label} ${whereabouts} is still let into ${room}`);
  if (trouble !== null) open.push(`${label} ${whereabouts} ${trouble}`);
  return [...behind, ...open];
}
