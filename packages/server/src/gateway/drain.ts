import type { Connection } from "./connection.ts";
import type { Gateway } from "./gateway.ts";

/** Connections told to leave per second at least, so that a small server does not linger. */
const leastPerSecond = 200;
/** Milliseconds that clients are asked to wait at most, however few they are. */
const leastDelay = 1000;

export interface DrainPlan {
  connections: number;
  /** Milliseconds over which connections are closed; clients are asked to wait up to as long again. */
  spread: number;
  /** What the other nodes may see at the most: closings of the last interval and those who waited meet. */
  reconnectsPerSecond: number;
}

export function planDrain(connections: number, seconds: number): DrainPlan {
  const spread = Math.min(seconds * 1000, (connections / leastPerSecond) * 1000);
  const closesPerSecond = spread === 0 ? connections : (connections / spread) * 1000;
  return { connections, spread, reconnectsPerSecond: Math.ceil(closesPerSecond) };
}

/** Milliseconds; whoever is sent away by a drain is told, also who arrives in the middle of it. */
export function whenToComeBack({ spread }: DrainPlan): number {
  return Math.round(Math.random() * Math.max(spread, leastDelay));
}

/**
 * Sends everybody away within `seconds`, each after what they sent is on disk and echoed, spread over the time; the
 * close text tells how many milliseconds to wait before coming back, so that they don't all come at once.
 */
export async function drainConnections(
  gateway: Gateway,
  seconds: number,
  onPlan: (plan: DrainPlan) => void,
): Promise<void> {
  const leaving = shuffle([...gateway.connections]);
  const plan = planDrain(leaving.length, seconds);
  gateway.draining = plan;
  onPlan(plan);
  await Promise.all(
    leaving.map(async (connection, index) => {
      await after((index / leaving.length) * plan.spread);
      await connection.closeInOrder("draining", whenToComeBack(plan));
    }),
  );
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function shuffle(connections: Connection[]): Connection[] {
  for (let last = connections.length - 1; last > 0; last--) {
    const chosen = Math.floor(Math.random() * (last + 1));
    const moved = connections[last] as Connection;
    connections[last] = connections[chosen] as Connection;
    connections[chosen] = moved;
  }
  return connections;
}
