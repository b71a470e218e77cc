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
      const { toUserIds, senderId, isHiddenFromSender = false } = event.message;
      if (toUserIds === undefined && !isHiddenFromSender) return null;
      const hears = toUserIds && new Set(toUserIds);
      const isHeardBy = (userId: string) =>
        userId === senderId ? !isHiddenFromSender : !hears || hears.has(userId);
      return some(isHeardBy, event);
    }
    case "messageChanged": {
      const { viewerIds, hiddenFromId } = event.change;
      const { untoldId } = event;
      if (viewerIds === undefined && hiddenFromId === undefined && untoldId === undefined) return null;
      const hears = viewerIds && new Set(viewerIds);
      const isHeardBy = (userId: string) =>
        userId !== hiddenFromId && userId !== untoldId && (!hears || hears.has(userId));
      return some(isHeardBy, event);
    }
    case "signalSent": {
      const hears = event.toUserIds && new Set(event.toUserIds);
      const isHeardBy = (userId: string) =>
        userId === event.senderId ? event.isForSender === true : !hears || hears.has(userId);
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

const some = (isHeardBy: Hearers["isHeardBy"], event: LogEvent): Hearers => ({
  isHeardBy,
  insteadForOthers: passedFor(event),
});
