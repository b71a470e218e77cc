import type { Address } from "../dialects/dialect.ts";
import { startServer } from "./server.ts";
import { type ServerName, servers } from "./table.ts";

/** What is measured: one server, or the nodes of a cluster and what stands behind them. */
export interface Subject {
  /** Where clients may connect to, all equal. */
  addresses: Address[];
  /** The processes whose CPU is the server's. */
  pids: number[];
  /** Processes that work for the server without being it, by name, as of now. */
  others(): Record<string, number[]>;
  stop(): Promise<void>;
}

export async function startSingle(name: ServerName): Promise<Subject> {
  const { address, pid, stop } = await startServer(servers[name]);
  return { addresses: [address], pids: [pid], others: () => ({}), stop };
}
