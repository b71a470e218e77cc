import type { Core } from "../core/core.ts";
import type { CoreEvent, EntryPassed } from "../core/events.ts";
import { hearersOf, passedFor } from "../core/messages/hearers.ts";
import type { NoticeGiven } from "../core/notices/notice.ts";
import type { Audience } from "../core/presence/audience.ts";
import type { OnlineUser } from "../core/presence/online-user.ts";
import type { OutgoingFrame } from "../ports/transport.ts";
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
  {
    kind:
      | "messageSent"
      | "messageChanged"
      | "entryPassed"
      | "signalSent"
      | "readMarkMoved"
      | "membersAdded"
      | "membersRemoved"
      | "conversationDeleted"
      | "chatroomLeft"
      | "chatroomMembersChanged"
      | "chatroomKeysChanged";
  }
>;

interface Encoded {
  frames: readonly OutgoingFrame[];
  size: number;
}

/**
 * Queues an event's frames for every listener of its conversation: one encoding per dialect, one more for each of the few
 * who see it otherwise, and one more of what those are told who are not to hear of it.
 */
export function deliver(
  core: Core,
  audience: Pick<Audience<Connection>, "listeners">,
  outbox: Outbox,
  stats: FanOutStats,
  event: ConversationEvent,
): void {
  const listeners = audience.listeners(event.conversation.id);
  if (event.kind === "messageSent" && event.platform !== undefined) {
    const platform = event.platform.toLowerCase();
    const isTold = (connection: Connection) => connection.platform.toLowerCase() === platform;
    count(stats, outbox, event, queue(core, listeners, outbox, event, isTold));
    queue(core, listeners, outbox, passedFor(event), (connection) => !isTold(connection));
    return;
  }
  const hearers = hearersOf(event);
  if (hearers === null) {
    count(stats, outbox, event, queue(core, listeners, outbox, event));
    return;
  }
  const [hearing, others]: [OnlineUser<Connection>[], OnlineUser<Connection>[]] = [[], []];
  for (const user of listeners) (hearers.isHeardBy(user.userId) ? hearing : others).push(user);
  count(stats, outbox, event, queue(core, hearing, outbox, event));
  if (hearers.insteadForOthers !== null) queue(core, others, outbox, hearers.insteadForOthers);
}

/** The same for some of them, or for people who hear it by no conversation. */
export function deliverTo(
  core: Core,
  users: Iterable<OnlineUser<Connection>>,
  outbox: Outbox,
  event: ConversationEvent | NoticeGiven,
): void {
  queue(core, users, outbox, event);
}

function queue(
  core: Core,
  users: Iterable<OnlineUser<Connection>>,
  outbox: Outbox,
  event: ConversationEvent | EntryPassed | NoticeGiven,
  isTold?: (connection: Connection) => boolean,
): number {
  const encodings = new Map<SocketDialect, Encoded>();
  const message = event.kind === "messageSent" ? event.message : null;
  let delivered = 0;
  for (const user of users) {
    let own: Map<SocketDialect, Encoded> | null = null;
    for (const connection of user.links) {
      if (isTold?.(connection) === false) continue;
      const { dialect, echoes } = connection;
      if (echoes !== null && message !== null && echoes.has(message)) continue;
      const isOwn = dialect.isSeenOtherwise?.(event, user.userId) === true;
      if (isOwn) own ??= new Map();
      const known = isOwn && own ? own : encodings;
      let encoded = known.get(dialect);
      if (!encoded) {
        encoded = encode(dialect, core, event, isOwn ? user.userId : null);
        known.set(dialect, encoded);
      }
      if (encoded.frames.length === 0) continue;
      outbox.add(connection, encoded.frames, encoded.size);
      delivered++;
    }
  }
  return delivered;
}

function count(stats: FanOutStats, outbox: Outbox, event: ConversationEvent, delivered: number): void {
  if (event.kind !== "messageSent" || delivered === 0) return;
  stats.messagesDelivered += delivered;
  const { onLatency } = stats;
  if (!onLatency) return;
  const startedAt = performance.now();
  outbox.onFlushed(() => onLatency((performance.now() - startedAt) / 1000));
}

function encode(dialect: SocketDialect, core: Core, event: CoreEvent, userId: string | null): Encoded {
  const frames = dialect.encode(core, event, userId);
  let size = 0;
  for (const frame of frames) size += frame.length;
  return { frames, size };
}
