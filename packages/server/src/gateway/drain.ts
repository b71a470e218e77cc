import type { Connection } from "./connection.ts";
import type { Gateway } from "./gateway.ts";

/** Connections told to leave per second at least, so that a small server does not linger. */
const leastPerSecond = 200;

/**
 * Sends everybody away within `seconds`, each after what they sent is on disk and echoed, spread over the time; the
 * close text tells how many milliseconds to wait before coming back, so that they don't all come at once.
 */
export async function drainConnections(gateway: Gateway, seconds: number): Promise<number> {
  gateway.isDraining = true;
  const leaving = shuffle([...gateway.connections]);
  const spread = Math.min(seconds * 1000, (leaving.length / leastPerSecond) * 1000);
  await Promise.all(
    leaving.map(async (connection, index) => {
      await after((index / leaving.length) * spread);
      const reconnectAfter = Math.round(Math.random() * Math.max(spread, 1000));
      await connection.closeInOrder("draining", JSON.stringify({ reconnect_after_ms: reconnectAfter }));
    }),
  );
  return leaving.length;
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
