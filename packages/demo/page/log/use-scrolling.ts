/** Keeps what is read where it is while messages come in above, below, or go; follows the end while it is in view. */

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { HistoryWindow, Stretch } from "./history-window.ts";
import { putBack, type ReadingPlace, readingPlaces } from "./reading-place.ts";

/** Pages are loaded before their place is reached; px. */
const ahead = 1_500;
const nearEnd = 40;

export function useScrolling(
  ref: RefObject<HTMLDivElement | null>,
  held: HistoryWindow | null,
  stretch: Stretch,
): { isAtEnd: boolean; onScroll(): void; toEnd(): void; toStart(): void } {
  const [isAtEnd, setIsAtEnd] = useState(true);
  const follows = useRef(true);
  /** Where the stretch that is to be drawn next begins to be read, if not where the last one was. */
  const goal = useRef<"start" | "end" | null>(null);
  const places = useRef<ReadingPlace[]>([]);

  /** Says of what is drawn whether it is followed, and what is read of it. */
  const look = useCallback(() => {
    const log = ref.current;
    if (!log) return;
    follows.current = belowOf(log) < nearEnd && !stretch.hasNewer;
    places.current = readingPlaces(log);
  }, [ref, stretch]);

  const goOn = useCallback(() => {
    const log = ref.current;
    if (!log || !held) return;
    look();
    setIsAtEnd(follows.current);
    if (stretch.hasOlder && log.scrollTop < ahead) void held.older();
    else if (stretch.hasNewer && belowOf(log) < ahead) void held.newer();
  }, [ref, held, stretch, look]);

  // As late as can be: the event of a scroll may be still to come.
  useEffect(() => held?.listen(look), [held, look]);

  useLayoutEffect(() => {
    const log = ref.current;
    if (!log) return;
    if (goal.current === "start" && !stretch.hasOlder) log.scrollTop = 0;
    else if (goal.current === "end" || follows.current) log.scrollTop = log.scrollHeight;
    else putBack(log, places.current);
    if (goal.current === "end") goal.current = null;
    goOn();
  }, [ref, goOn, stretch]);

  useEffect(() => {
    const log = ref.current;
    if (!log) return;
    // A keyboard that comes up, a quote above the field, a turned phone.
    const observer = new ResizeObserver(() => {
      if (follows.current) log.scrollTop = log.scrollHeight;
      else putBack(log, places.current);
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, [ref]);

  return {
    isAtEnd,
    onScroll: goOn,
    toEnd() {
      goal.current = "end";
      held?.toNewest();
    },
    toStart() {
      goal.current = "start";
      void held?.toOldest().finally(() => {
        if (goal.current === "start") goal.current = null;
      });
    },
  };
}

const belowOf = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number =>
  scrollHeight - scrollTop - clientHeight;
