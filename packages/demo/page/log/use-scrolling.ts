/** Keeps what is read where it is while messages come in above, below, or go; follows the end while it is in view. */

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { HistoryWindow, Stretch } from "./history-window.ts";

/** Pages are loaded before their place is reached; px. */
const ahead = 1_500;
const nearEnd = 40;

interface Anchor {
  element: HTMLElement;
  top: number;
}

export function useScrolling(
  ref: RefObject<HTMLDivElement | null>,
  held: HistoryWindow | null,
  stretch: Stretch,
): { isAtEnd: boolean; onScroll(): void; toEnd(): void; toStart(): void } {
  const [isAtEnd, setIsAtEnd] = useState(true);
  const follows = useRef(true);
  const goesToStart = useRef(false);
  const anchor = useRef<Anchor | null>(null);
  const lastTop = useRef(0);

  const look = useCallback(() => {
    const log = ref.current;
    if (!log || !held) return;
    const below = log.scrollHeight - log.scrollTop - log.clientHeight;
    const { hasNewer, hasOlder } = held.stretch;
    follows.current = below < nearEnd && !hasNewer;
    setIsAtEnd(follows.current);
    anchor.current = findAnchor(log);
    lastTop.current = log.scrollTop;
    if (hasOlder && log.scrollTop < ahead) void held.older();
    else if (hasNewer && below < ahead) void held.newer();
  }, [ref, held]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is put right whenever the stretch is another one
  useLayoutEffect(() => {
    const log = ref.current;
    if (!log) return;
    // Scrolled up a moment ago, and the event that says so is still to come.
    const below = log.scrollHeight - log.scrollTop - log.clientHeight;
    if (log.scrollTop < lastTop.current - 1 && below >= nearEnd) follows.current = false;
    if (goesToStart.current) {
      goesToStart.current = false;
      log.scrollTop = 0;
    } else if (follows.current) log.scrollTop = log.scrollHeight;
    else if (anchor.current?.element.isConnected)
      log.scrollTop += anchor.current.element.offsetTop - anchor.current.top;
    look();
  }, [ref, look, stretch]);

  useEffect(() => {
    const log = ref.current;
    if (!log) return;
    // A keyboard that comes up, a quote above the field, a turned phone: the end stays in view.
    const observer = new ResizeObserver(() => {
      if (follows.current) log.scrollTop = log.scrollHeight;
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, [ref]);

  return {
    isAtEnd,
    onScroll: look,
    toEnd() {
      follows.current = true;
      held?.toNewest();
    },
    toStart() {
      follows.current = false;
      goesToStart.current = true;
      void held?.toOldest();
    },
  };
}

/** The first message in view. By halves: there may be hundreds. */
function findAnchor(log: HTMLElement): Anchor | null {
  const rows = log.querySelectorAll<HTMLElement>("[data-row]");
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle] as HTMLElement;
    if (row.offsetTop + row.offsetHeight < log.scrollTop) low = middle + 1;
    else high = middle;
  }
  const element = rows[low];
  return element ? { element, top: element.offsetTop } : null;
}
