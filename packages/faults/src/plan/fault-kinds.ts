/** The table of faults. What each does to the servers stands in `testing/acts.ts`. */

export interface FaultKind {
  sentence: string;
  /** What it befalls: two faults at a time never share it. `node` and `clients` are those of one node. */
  befalls: "node" | "allNodes" | "store" | "bus" | "busLine" | "storeLine" | "clients";
  /** Installations that have such a thing. */
  nodes: readonly NodeCount[];
  /** Milliseconds until it is healed, at the least and at the most. */
  lasts: readonly [number, number];
}

export type NodeCount = 1 | 3;

const both = [1, 3] as const;
const cluster = [3] as const;

const table = {
  killNode: {
    sentence: "SIGKILL a node; started again after a while",
    befalls: "node",
    nodes: both,
    lasts: [0, 3000],
  },
  drainNode: {
    sentence: "SIGTERM a node; started again when it has drained",
    befalls: "node",
    nodes: both,
    lasts: [0, 500],
  },
  rollNodes: {
    sentence: "SIGTERM all nodes, one after the other, each started again when it has drained",
    befalls: "allNodes",
    nodes: cluster,
    lasts: [0, 500],
  },
  pauseNode: {
    sentence: "SIGSTOP a node, 5 s later SIGCONT",
    befalls: "node",
    nodes: both,
    lasts: [5000, 5000],
  },
  killStore: {
    sentence: "SIGKILL PostgreSQL; started again after a while",
    befalls: "store",
    nodes: cluster,
    lasts: [0, 8000],
  },
  pauseStore: {
    sentence: "SIGSTOP all of PostgreSQL's processes, 5 s later SIGCONT",
    befalls: "store",
    nodes: cluster,
    lasts: [5000, 5000],
  },
  killBus: {
    sentence: "SIGKILL NATS; started again after a while",
    befalls: "bus",
    nodes: cluster,
    lasts: [0, 4000],
  },
  pauseBus: {
    sentence: "SIGSTOP NATS, 5 s later SIGCONT",
    befalls: "bus",
    nodes: cluster,
    lasts: [5000, 5000],
  },
  cutBusLine: {
    sentence: "cut the connections of a node to NATS",
    befalls: "busLine",
    nodes: cluster,
    lasts: [0, 8000],
  },
  stallBusLine: {
    sentence: "let nothing pass between a node and NATS; connections stay open",
    befalls: "busLine",
    nodes: cluster,
    lasts: [500, 10000],
  },
  cutStoreLine: {
    sentence: "cut the connections of a node to PostgreSQL",
    befalls: "storeLine",
    nodes: cluster,
    lasts: [0, 8000],
  },
  stallStoreLine: {
    sentence: "let nothing pass between a node and PostgreSQL; connections stay open",
    befalls: "storeLine",
    nodes: cluster,
    lasts: [500, 12000],
  },
  dropClients: {
    sentence: "cut the sockets of everybody on a node",
    befalls: "clients",
    nodes: both,
    lasts: [0, 1000],
  },
  delayClients: {
    sentence: "delay everything between a node and its clients by up to 0.4 s each way",
    befalls: "clients",
    nodes: both,
    lasts: [1000, 4000],
  },
  stallClients: {
    sentence: "let nothing pass between a node and its clients; sockets stay open",
    befalls: "clients",
    nodes: both,
    lasts: [500, 9000],
  },
  fillDisk: {
    sentence: "fill the disk quota of the embedded store",
    befalls: "store",
    nodes: [1],
    lasts: [500, 4000],
  },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof table;

export const faultNames = Object.keys(table) as FaultName[];

export const faultKind = (name: FaultName): FaultKind => table[name];

export const faultsOf = (nodes: NodeCount): FaultName[] =>
  faultNames.filter((name) => faultKind(name).nodes.includes(nodes));
