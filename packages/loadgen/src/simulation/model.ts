/** Arithmetic alone: what so many people online in one app need. docs/scaling.md shows the same formulas. */

import type { Values } from "./inputs.ts";

const perMicro = 1e-6;

export interface Need {
  people: number;
  /** Per second. */
  messages: number;
  deliveries: number;
  connects: number;
  marks: number;
  nodesForSockets: number;
  /** Infinity: hearing the bus alone takes more than a main thread gives. */
  nodesForCpu: number;
  nodes: number;
  /** Resident bytes of one node at rest. */
  nodeMemory: number;
  /** Events a second that each node hears, and the share of its main thread that this takes. */
  heard: number;
  hearingShare: number;
  /** Bytes a second that NATS sends to nodes, and how many servers that takes. */
  busOut: number;
  natsServers: number;
  /** Cores of the database that are busy; and how many it must have, so that others are left. */
  forAppends: number;
  forMarks: number;
  forConnects: number;
  databaseCores: number;
  /** Bytes a second, and bytes a day if it went on like this. */
  wal: number;
  rowsPerDay: number;
  /** Connects a second while one node drains; cores of the database that are busy with them. */
  drainConnects: number;
  forDrain: number;
  /** Seconds until everybody is back after all were sent away, if the database does nothing else. */
  everybodyBack: number;
}

/** How nodes hear of messages: those that somebody on them listens to, or, while in doubt of each other, all. */
export type Routing = "everyNode" | "nodesThatListen";

/** Nodes that have at least one of so many listeners, who are anywhere. */
export const nodesThatListen = (nodes: number, listeners: number): number =>
  nodes * (1 - (1 - 1 / nodes) ** listeners);

export function simulate(people: number, values: Values, routing: Routing = "nodesThatListen"): Need {
  const messages = (people * values.sendsPerMinute) / 60;
  const deliveries = messages * values.listeners;
  const connects = (people * values.connectsPerHour) / 3600;
  const marks = deliveries * values.marksPerDelivery;
  // A mark that a reader moves is told to everybody in the room, as a message is.
  const events = messages + marks + connects;

  const own =
    messages * values.sendMicros * perMicro +
    marks * values.markMicros * perMicro +
    connects * values.connectMicros * perMicro +
    events * values.publishMicros * perMicro +
    (deliveries + marks * values.listeners) * values.deliverMicros * perMicro;
  const hearing = (nodes: number) =>
    routing === "everyNode" ? events : (events * nodesThatListen(nodes, values.listeners)) / nodes;
  const shareLeft = (nodes: number) => values.mainThreadShare - hearing(nodes) * values.hearMicros * perMicro;

  const nodesForSockets = Math.max(1, Math.ceil(people / values.connectionsPerNode));
  const nodesForCpu = smallest((nodes) => nodes * shareLeft(nodes) >= own, routing, shareLeft);
  const nodes = Math.max(nodesForSockets, nodesForCpu);
  const heard = hearing(nodes);
  const busOut = nodes === Number.POSITIVE_INFINITY ? nodes : heard * values.busBytes * (nodes - 1);

  const forAppends = messages * values.appendDatabaseMicros * perMicro;
  const forMarks = marks * values.markDatabaseMicros * perMicro;
  const forConnects = connects * values.connectDatabaseMicros * perMicro;
  const databaseCores = (forAppends + forMarks + forConnects) / values.databaseShare;
  const drainConnects = Math.min(people, values.connectionsPerNode) / values.drainSpreadSeconds;
  return {
    people,
    messages,
    deliveries,
    connects,
    marks,
    nodesForSockets,
    nodesForCpu,
    nodes,
    nodeMemory: values.nodeBytes + values.bytesPerConnection * (people / nodes),
    heard,
    hearingShare: heard * values.hearMicros * perMicro,
    busOut,
    natsServers: Math.ceil(busOut / values.natsBytesPerSecond),
    forAppends,
    forMarks,
    forConnects,
    databaseCores,
    wal: messages * values.walBytes,
    rowsPerDay: messages * values.rowBytes * 86_400,
    drainConnects,
    forDrain: drainConnects * values.connectDatabaseMicros * perMicro,
    everybodyBack: (people * values.connectDatabaseMicros * perMicro) / databaseCores,
  };
}

const mostNodes = 1e7;

/** The smallest number of nodes that is enough, or Infinity. */
function smallest(
  isEnough: (nodes: number) => boolean,
  routing: Routing,
  shareLeft: (nodes: number) => number,
): number {
  if (routing === "everyNode" && shareLeft(1) <= 0) return Number.POSITIVE_INFINITY;
  let [low, high] = [0, 1];
  while (!isEnough(high)) {
    if (high > mostNodes) return Number.POSITIVE_INFINITY;
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** How many people are the most for which `holds`, to one in a thousand. It must hold for one person. */
export function mostPeople(holds: (need: Need) => boolean, values: Values, routing?: Routing): number {
  let [low, high] = [1, 1e10];
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high);
    if (holds(simulate(middle, values, routing))) low = middle;
    else high = middle;
  }
  return low;
}
