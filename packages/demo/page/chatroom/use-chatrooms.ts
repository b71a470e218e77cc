import { useSyncExternalStore } from "react";
import type { Named } from "../session/back-end.ts";
import { useSession } from "../session/use-session.ts";
import type { Visit, VisitState } from "./visit.ts";

/** Null: not known yet. */
export function useChatroomList(): readonly Named[] | null {
  const { chatrooms } = useSession();
  return useSyncExternalStore(chatrooms.listen, () => chatrooms.list);
}

export const useVisit = (visit: Visit): VisitState => useSyncExternalStore(visit.listen, () => visit.state);
