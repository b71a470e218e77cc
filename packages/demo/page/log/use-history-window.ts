import type { Conversation } from "@parlance/client";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useSession } from "../session/use-session.ts";
import { HistoryWindow, type Stretch } from "./history-window.ts";

const nothing: Stretch = { messages: [], hasOlder: false, hasNewer: false };
const never = () => () => {};

/** Null before the conversation is open. */
export function useHistoryWindow(conversation: Conversation): [HistoryWindow | null, Stretch] {
  const { client } = useSession();
  const [held, setHeld] = useState<HistoryWindow | null>(null);
  useEffect(() => {
    const opened = new HistoryWindow(client, conversation);
    setHeld(opened);
    return () => opened.close();
  }, [client, conversation]);
  return [held, useSyncExternalStore(held?.listen ?? never, () => held?.stretch ?? nothing)];
}
