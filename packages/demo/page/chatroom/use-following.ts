import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

const nearEnd = 40;

/** Keeps the end of what is scrolled in view, as long as it was in view or somebody writes there. */
export function useFollowing(
  ref: RefObject<HTMLDivElement | null>,
  shown: unknown,
  isWriting: boolean,
): { isAtEnd: boolean; onScroll(): void; toEnd(): void } {
  const [isAtEnd, setIsAtEnd] = useState(true);
  const follows = useRef(true);
  const onScroll = () => {
    const log = ref.current;
    if (!log) return;
    follows.current = log.scrollHeight - log.scrollTop - log.clientHeight < nearEnd;
    setIsAtEnd(follows.current);
  };
  const toEnd = () => {
    follows.current = true;
    if (ref.current) ref.current.scrollTop = ref.current.scrollHeight;
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is put right whenever something else is shown
  useLayoutEffect(() => {
    if (follows.current || isWriting) toEnd();
  }, [shown, isWriting]);

  useEffect(() => {
    const log = ref.current;
    if (!log) return;
    // A keyboard that comes up, a turned phone: the end stays in view.
    const observer = new ResizeObserver(() => {
      if (follows.current) log.scrollTop = log.scrollHeight;
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, [ref]);
  return { isAtEnd, onScroll, toEnd };
}
