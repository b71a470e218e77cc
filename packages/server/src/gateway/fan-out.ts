import type { Core } from "../core/core.ts";
import type { CoreEvent } from "../core/events.ts";
import type { Audience } from "../core/presence/audience.ts";
import type { Connection } from "./connection.ts";
import type { Outbox } from "./outbox.ts";
import type { SocketDialect } from "./socket-dialect.ts";

export interface FanOutStats {
  /** Frames queued for listeners, by event kind. */
  messagesDelivered: number;
  /** Seconds from the event to its frames being written. */
  onLatency?(seconds: number): void;
}

export type ConversationEvent = Extract<
  CoreEvent,
  { kind: "messageSent" | "messageActiveChanged" | "readMarkMoved" }
>;

interface Encoded {
  frames: readonly string[];
  size: number;
}

/** Queues an event's frames for every listener of its conversation: one encoding per dialect. */
export function deliver(
  core: Core,
  audience: Pick<Audience<Connection>, "listeners">,
  outbox: Outbox,
  stats: FanOutStats,
  event: ConversationEvent,
): void {
  const encodings = new Map<SocketDialect, Encoded>();
  let delivered = 0;
  for (const user of audience.listeners(event.conversation.id)) {
    for (const connection of user.links) {
      let encoded = encodings.get(connection.dialect);
      if (!encoded) {
        encoded = encode(connection.dialect, core, event);
        encodings.set(connection.dialect, encoded);
      }
      if (encoded.frames.length === 0) continue;
      outbox.add(connection, encoded.frames, encoded.size);
      delivered++;
    }
  }
  if (event.kind !== "messageSent" || delivered === 0) return;
  stats.messagesDelivered += delivered;
  const { onLatency } = stats;
  if (!onLatency) return;
  const startedAt = performance.now();
  outbox.onFlushed(() => onLatency((performance.now() - startedAt) / 1000));
}

function encode(dialect: SocketDialect, core: Core, event: CoreEvent): Encoded {
  const frames = dialect.encode(core, event);
  let size = 0;
  for (const frame of frames) size += frame.length;
  return { frames, size };
}
