import type { CoreEvent, EntryPassed, LogEvent } from "../events.ts";

/** Who of a conversation's listeners hears of an event that is not for all of them. */
export interface Hearers {
  isHeardBy(userId: string): boolean;
  /** What the others are told; null: nothing. */
  insteadForOthers: EntryPassed | null;
}

/** Null: everybody, as nearly always. */
export function hearersOf(event: CoreEvent): Hearers | null {
  switch (event.kind) {
    case "messageSent": {
      const { toUserIds, senderId } = event.message;
      if (toUserIds === undefined) return null;
      const hears = new Set(toUserIds);
      if (senderId !== null) hears.add(senderId);
      return some(hears, event);
    }
    case "messageChanged": {
      const { viewerIds } = event.change;
      return viewerIds === undefined ? null : some(new Set(viewerIds), event);
    }
    case "signalSent": {
      const hears = event.toUserIds && new Set(event.toUserIds);
      const isHeardBy = (userId: string) => userId !== event.senderId && (!hears || hears.has(userId));
      return { isHeardBy, insteadForOthers: null };
    }
    default:
      return null;
  }
}

/** What those are told who are not to hear of an entry of the log: it takes its `seq` for everybody. */
export function passedFor(event: LogEvent): EntryPassed {
  const { conversation } = event;
  const { seq, sentAt } = event.kind === "messageSent" ? event.message : event.change;
  return { kind: "entryPassed", conversation, seq, sentAt };
}

const some = (hears: ReadonlySet<string>, event: LogEvent): Hearers => ({
  isHeardBy: (userId) => hears.has(userId),
  insteadForOthers: passedFor(event),
});
