import type { Sample } from "../../report.ts";
import type { Busy } from "../../usage.ts";
import type { Share } from "../bystanders.ts";

/**
 * What one unit of work took: the rate a core of the nodes, and microseconds of CPU behind it. With everything on one
 * machine the rate says as much of the generator and the database; these do not.
 */
export function costs(what: string, rate: number, nodes: Busy, bystanders: readonly Share[]): Sample[] {
  return [
    { measure: `${what}: per core of the nodes`, value: rate / nodes.cores, unit: "per second" },
    { measure: `${what}: nodes' CPU each`, value: (nodes.cores / rate) * 1e6, unit: "µs" },
    {
      measure: `${what}: busiest thread, each of all`,
      value: (nodes.busiestThread / rate) * 1e6,
      unit: "µs",
    },
    ...bystanders.flatMap(({ name, cores }): Sample[] => [
      { measure: `${what}: ${name}'s CPU`, value: cores, unit: "cores" },
      { measure: `${what}: ${name}'s CPU each`, value: (cores / rate) * 1e6, unit: "µs" },
    ]),
  ];
}
