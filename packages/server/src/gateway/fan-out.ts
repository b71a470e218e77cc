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

/** Applies an event to the audience and queues its frames for every listener: one encoding per dialect. */
export function fanOut(
  core: Core,
  audience: Audience<Connection>,
  outbox: Outbox,
  stats: FanOutStats,
  event: CoreEvent,
): void {
  switch (event.kind) {
    case "membersAdded":
      for (const userId of event.userIds) audience.setMember(userId, event.conversation.id, true);
      break;
    case "membersRemoved":
      for (const userId of event.userIds) audience.setMember(userId, event.conversation.id, false);
      break;
    case "conversationDeleted":
      core.conversations.forget(event.conversation);
      audience.removeConversation(event.conversation.id);
      break;
    case "userChanged":
      audience.setUserData(event.userId, event.userData);
      break;
    case "sessionClosed":
      closeSession(audience, event.userId, event.tokenHash);
      break;
    default:
      deliver(core, audience, outbox, stats, event);
  }
}

function closeSession(audience: Audience<Connection>, userId: string, tokenHash: string): void {
  for (const link of [...(audience.find(userId)?.links ?? [])]) {
    if (link.tokenHash === tokenHash) link.close("sessionClosed");
  }
}

type ConversationEvent = Extract<
  CoreEvent,
  { kind: "messageSent" | "messageActiveChanged" | "readMarkMoved" }
>;

interface Encoded {
  frames: readonly string[];
  size: number;
}

function deliver(
  core: Core,
  audience: Audience<Connection>,
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
