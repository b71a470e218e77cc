import type { Message } from "@parlance/protocol";
import type { Outgoing } from "../sync/outbox.ts";

/** A message as a list shows it: stored ones in present state, then one's own that are not stored yet. */
export interface ShownMessage extends Message {
  /** pending: on its way, or waiting for a connection. failed: refused, see `refusal`. Absent: stored. */
  delivery?: "pending" | "failed";
  refusal?: NonNullable<Outgoing["refusal"]>;
}

/** `seq` 0, and the client's clock as `sentAt`, until the server gave the true ones. */
export function shownOutgoing(
  { params, position, createdAt, refusal }: Outgoing,
  from: string,
): ShownMessage {
  const { type, content, clientId, mentions, to, isCounted = true } = params;
  return {
    seq: position?.seq ?? 0,
    sentAt: position?.sentAt ?? createdAt,
    from,
    type,
    content,
    clientId,
    isCounted,
    ...(mentions ? { mentions } : {}),
    ...(to ? { to } : {}),
    ...(position ? {} : { delivery: refusal ? "failed" : "pending" }),
    ...(refusal ? { refusal } : {}),
  };
}
