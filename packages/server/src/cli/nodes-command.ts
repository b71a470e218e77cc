/** `parlance nodes`: which nodes share this store, and whether they live. */

import type { Command } from "commander";
import type { NodeLease } from "../ports/store-presence.ts";
import { columns, print, printJson } from "./print.ts";
import { withStore } from "./with-store.ts";

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const leaseText = ({ remaining }: NodeLease): string =>
  remaining > 0 ? `${seconds(remaining)} left` : `ended ${seconds(-remaining)} ago`;

const showNodes = ({ json }: { json?: true }) =>
  withStore(async ({ nodes }) => {
    const all = await nodes.list();
    if (json)
      return printJson(
        all.map(({ nodeId, address, version, startedAt, remaining, connections }) => ({
          node: nodeId,
          address,
          version,
          leaseTakenAt: new Date(startedAt).toISOString(),
          isAlive: remaining > 0,
          leaseMilliseconds: remaining,
          connections,
        })),
      );
    if (all.length === 0) return print("No node runs on this store.");
    print(
      columns([
        ["NODE", "LEASE", "CONNECTIONS", "VERSION", "ADDRESS"],
        ...all.map((node) => [
          node.nodeId,
          leaseText(node),
          String(node.connections),
          node.version,
          node.address,
        ]),
      ]),
    );
  });

export const addNodesCommand = (program: Command): void => {
  program
    .command("nodes")
    .description("list the nodes that share the store, their leases and connections")
    .option("--json", "print JSON for programs")
    .action(showNodes);
};
