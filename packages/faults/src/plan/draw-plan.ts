import type { Dice } from "./dice.ts";
import { type FaultName, faultKind, faultsOf, type NodeCount } from "./fault-kinds.ts";

export interface PlannedFault {
  name: FaultName;
  /** Which node; 0 for what belongs to none. */
  node: number;
  /** Milliseconds from the start of its episode. */
  startsAfter: number;
  /** Milliseconds until it is healed. */
  lasts: number;
}

/** One or two faults, of which the second may begin before the first is healed. */
export interface Episode {
  /** Milliseconds without a fault before it. */
  pause: number;
  faults: PlannedFault[];
}

export interface Plan {
  episodes: Episode[];
  /** Milliseconds that people go on writing after the last fault; 0 shows whether quiet listeners catch up too. */
  goOnFor: number;
}

/** What belongs to no node. While all nodes are restarted nothing else happens. */
const ofAll = ["store", "bus", "allNodes"];
const shortestPause = 300;
const longestPause = 3000;
/** Milliseconds that starting a server again takes, about. */
const restartTakes = 800;

/** What happens within about so many milliseconds. Every kind comes once before one comes again. */
export function drawPlan(
  dice: Dice,
  nodes: NodeCount,
  milliseconds: number,
  only: readonly FaultName[] = [],
) {
  const kinds = faultsOf(nodes).filter((name) => only.length === 0 || only.includes(name));
  if (kinds.length === 0) throw new Error(`none of these faults is for ${nodes} node${nodes > 1 ? "s" : ""}`);
  let bag: FaultName[] = [];
  const draw = (befallen: string[]): PlannedFault | null => {
    if (bag.length === 0) bag = [...kinds];
    const name = dice.pick(bag);
    const { befalls, lasts } = faultKind(name);
    const node = ofAll.includes(befalls) ? 0 : dice.between(0, nodes - 1);
    const target = `${befalls}${node}`;
    if (befallen.includes(target) || (befalls === "allNodes" && befallen.length > 0)) return null;
    if (befallen.includes("allNodes0")) return null;
    befallen.push(target);
    bag.splice(bag.indexOf(name), 1);
    return { name, node, startsAfter: 0, lasts: dice.between(...lasts) };
  };
  const plan: Plan = { episodes: [], goOnFor: dice.happens(0.5) ? 0 : dice.between(500, 2000) };
  for (let left = milliseconds; left > 0; ) {
    const befallen: string[] = [];
    const faults = [draw(befallen)];
    if (dice.happens(0.4)) {
      const second = draw(befallen);
      if (second) second.startsAfter = dice.between(0, 1500);
      faults.push(second);
    }
    const episode = {
      pause: dice.between(shortestPause, longestPause),
      faults: faults.filter((fault) => fault !== null),
    };
    plan.episodes.push(episode);
    left -= episode.pause + restartTakes;
    left -= Math.max(...episode.faults.map(({ startsAfter, lasts }) => startsAfter + lasts));
  }
  return plan;
}

export const describeFault = ({ name, node, startsAfter, lasts }: PlannedFault): string =>
  `${name}${ofAll.includes(faultKind(name).befalls) ? "" : ` ${node}`} for ${lasts} ms${startsAfter ? ` (${startsAfter} ms later)` : ""}`;

export const describeEpisode = ({ pause, faults }: Episode): string =>
  `after ${pause} ms: ${faults.map(describeFault).join(" + ")}`;
