import type { Scenario } from "../scenario.ts";
import { arrivals } from "./arrivals.ts";
import { busCost } from "./bus-cost.ts";
import { marks } from "./marks.ts";
import { nodeKilled } from "./node-killed.ts";
import { type Throughput, throughput } from "./throughput.ts";

type Shape = Omit<Throughput, "title" | "nodes">;

/** What is measured on one, two and three nodes alike. */
const shapes: (Shape & { what: string })[] = [
  {
    name: "cluster-durable-10",
    what: "durable sends, 10 rooms of 2",
    rooms: 10,
    members: 2,
    senders: 2,
    roomKind: "regular",
    mostPerRoom: 256,
    counts: "sends acknowledged",
  },
  {
    name: "cluster-durable-1000",
    what: "durable sends, 1000 rooms of 2",
    rooms: 1000,
    members: 2,
    senders: 2,
    roomKind: "regular",
    mostPerRoom: 4,
    counts: "sends acknowledged",
  },
  {
    name: "cluster-fanout-regular",
    what: "REGULAR, 10 rooms of 100",
    rooms: 10,
    members: 100,
    senders: 10,
    roomKind: "regular",
    mostPerRoom: 256,
    counts: "deliveries",
  },
  {
    name: "cluster-fanout-mass",
    what: "MASS_PRIVATE, 10 rooms of 100",
    rooms: 10,
    members: 100,
    senders: 10,
    roomKind: "mass",
    mostPerRoom: 256,
    counts: "deliveries",
  },
];

const sizes = [1, 2, 3];
const on = (nodes: number): string => `${nodes} node${nodes === 1 ? "" : "s"}`;

/** Several nodes over PostgreSQL and NATS, all on this machine. */
export const clusterScenarios: Scenario[] = [
  ...shapes.flatMap(({ what, ...shape }) =>
    sizes.map((nodes) =>
      throughput({ ...shape, name: `${shape.name}-x${nodes}`, title: `${on(nodes)}, ${what}`, nodes }),
    ),
  ),
  ...sizes.map((nodes) =>
    marks(`cluster-marks-x${nodes}`, `${on(nodes)}, read marks, 200 rooms of 5`, nodes),
  ),
  ...sizes.map((nodes) =>
    arrivals(`cluster-arrivals-x${nodes}`, `${on(nodes)}, 9,000 people who come`, nodes),
  ),
  busCost("cluster-bus-x2", "2 nodes with listeners, the bus", 2),
  busCost("cluster-bus-x3", "the same and a node without, the bus", 3),
  nodeKilled("cluster-kill", "3 nodes, one killed, 1000 sends/s"),
];
