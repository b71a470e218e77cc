/** The session for the components below, and hooks that draw anew when what they show changed. */

import type { Conversation, ConversationRef, ConversationState } from "@parlance/client";
import { createContext, use, useCallback, useSyncExternalStore } from "react";
import type { Session } from "./session.ts";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error("There is no session above.");
  return session;
}

export function useConversations(): readonly ConversationState[] {
  const { client } = useSession();
  return useSyncExternalStore(
    useCallback((changed) => client.on("conversations", changed), [client]),
    () => client.conversations,
  );
}

export function useStatus() {
  const { client } = useSession();
  return useSyncExternalStore(
    useCallback((changed) => client.on("status", changed), [client]),
    () => client.status,
  );
}

/** Draws anew when any name was learned. */
export function useNames() {
  const { names } = useSession();
  useSyncExternalStore(names.listen, () => names.version);
  return names;
}

export function useConversationState(conversation: Conversation): ConversationState | null {
  return useSyncExternalStore(
    useCallback((changed) => conversation.on("state", changed), [conversation]),
    () => conversation.state,
  );
}

export function useTyping(conversation: Conversation): readonly string[] {
  return useSyncExternalStore(
    useCallback((changed) => conversation.on("typing", changed), [conversation]),
    () => conversation.typing,
  );
}

export function useIsOnline({ kind, id }: ConversationRef): boolean {
  const { client } = useSession();
  return useSyncExternalStore(
    useCallback(
      (changed) => {
        if (kind !== "direct") return () => {};
        const unwatch = client.watchPresence([id]);
        const stop = client.on("presence", changed);
        return () => {
          stop();
          unwatch();
        };
      },
      [client, kind, id],
    ),
    () => kind === "direct" && client.presenceOf(id)?.isOnline === true,
  );
}
