import type { Violation, ViolationKind } from "../checker/history.ts";
import type { Result } from "./run.ts";

/** Violations of one kind that are told in full. */
const mostTold = 10;

const counts = (map: ReadonlyMap<unknown, number>): string =>
  [...map].map(([name, count]) => `${name} ${count}`).join(", ") || "none";

/** One line for the run, and one for each violation. */
export function report(result: Result): string {
  const { options, sends, acknowledgements, refusals, deliveries, connections } = result;
  const { memberships, closings, hidden, caughtUpAfter } = result;
  const nodes = `${options.nodes} node${options.nodes > 1 ? "s" : ""}`;
  const said = `${sends} sends, ${acknowledgements} acknowledged, ${refusals} refused, ${deliveries} deliveries`;
  const faults = `faults: ${counts(result.faults)}; error frames: ${counts(result.errors)}`;
  const end = `caught up after ${(caughtUpAfter / 1000).toFixed(1)} s; ${result.violations.length} violations`;
  const head = `seed ${options.seed}, ${nodes}: ${said}, ${connections} connections, ${memberships} changes of members, ${closings} sessions closed, ${hidden} messages hidden; ${faults}; ${end}`;
  return [head, ...tellViolations(result.violations)].join("\n");
}

function tellViolations(violations: readonly Violation[]): string[] {
  const kinds = new Map<ViolationKind, string[]>();
  for (const { kind, text } of violations) kinds.set(kind, [...(kinds.get(kind) ?? []), text]);
  return [...kinds].flatMap(([kind, texts]) => [
    ...texts.slice(0, mostTold).map((text) => `  ${kind}: ${text}`),
    ...(texts.length > mostTold ? [`  ${kind}: and ${texts.length - mostTold} more`] : []),
  ]);
}
