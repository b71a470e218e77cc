import type { Core } from "../core/core.ts";
import type { ConversationChanged } from "../core/events.ts";
import type { Audience } from "../core/presence/audience.ts";
import type { Connection } from "./connection.ts";
import type { Outbox } from "./outbox.ts";

/** Queues what concerns one user alone for all of that user's connections here. */
export function deliverToOwner(
  core: Core,
  audience: Audience<Connection>,
  outbox: Outbox,
  event: ConversationChanged,
): void {
  for (const connection of audience.find(event.userId)?.links ?? []) {
    const frames = connection.dialect.encode(core, event);
    if (frames.length === 0) continue;
    outbox.add(
      connection,
      frames,
      frames.reduce((size, frame) => size + frame.length, 0),
    );
  }
}
