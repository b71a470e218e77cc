import { limits } from "@parlance/protocol";
import type { Connection } from "../../gateway/connection.ts";
import { Refusal } from "./refusal.ts";

/** Requests that wait for their reply; connections that wait for none, as most do, hold nothing. */
const openRequests = new WeakMap<Connection, Set<number>>();

/** Throws `duplicateId`, `tooManyRequests`. */
export function beginRequest(connection: Connection, id: number): void {
  const open = openRequests.get(connection);
  if (!open) {
    openRequests.set(connection, new Set([id]));
    return;
  }
  if (open.has(id)) throw new Refusal("duplicateId");
  if (open.size >= limits.openRequests) throw new Refusal("tooManyRequests");
  open.add(id);
}

export function endRequest(connection: Connection, id: number): void {
  const open = openRequests.get(connection);
  if (open?.delete(id) && open.size === 0) openRequests.delete(connection);
}
