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
      return some(isHeardBy, event, event.message);
    }
    case "messageChanged": {
      const { viewerIds, hiddenFromId } = event.change;
      const { untoldId } = event;
      if (viewerIds === undefined && hiddenFromId === undefined && untoldId === undefined) return null;
      const hears = viewerIds && new Set(viewerIds);
      const isHeardBy = (userId: string) =>
        userId !== hiddenFromId && userId !== untoldId && (!hears || hears.has(userId));
      return some(isHeardBy, event, event.change);
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

/** An entry of the log takes its `seq` for everybody. */
const some = (
  isHeardBy: Hearers["isHeardBy"],
  { conversation }: LogEvent,
  { seq, sentAt }: { seq: number; sentAt: number },
): Hearers => ({
  isHeardBy,
  insteadForOthers: { kind: "entryPassed", conversation, seq, sentAt },
});
