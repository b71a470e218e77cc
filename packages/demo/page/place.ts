/** Which conversation is looked at stands in the address, so that the phone's back button leads to the list. */

import type { ConversationRef } from "@parlance/client";
import { useMemo, useSyncExternalStore } from "react";

export const addressOf = ({ kind, id }: ConversationRef): string => `#${kind}/${encodeURIComponent(id)}`;

const listen = (changed: () => void) => {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
};

export function useOpenConversation(): ConversationRef | null {
  const hash = useSyncExternalStore(listen, () => location.hash);
  return useMemo(() => {
    const [, kind, id] = /^#(direct|group|chatroom)\/(.+)$/.exec(hash) ?? [];
    if (kind === undefined || id === undefined) return null;
    try {
      return { kind: kind as "direct" | "group" | "chatroom", id: decodeURIComponent(id) };
    } catch {
      return null;
    }
  }, [hash]);
}

export const goTo = (ref: ConversationRef | null): void => {
  location.hash = ref ? addressOf(ref) : "";
};

/** What was looked at until now is no place to come back to. */
export const leaveFor = (ref: ConversationRef | null): void => location.replace(ref ? addressOf(ref) : "#");
