import type { Conversation } from "@parlance/client";
import { useEffect, useRef, useState } from "react";

/** Longer texts are not kept as drafts. */
const mostCharacters = 4096;

/** The text being written; kept on the server, for one's other devices, when the conversation is left. */
export function useDraft(conversation: Conversation): [string, (text: string) => void] {
  const [text, setText] = useState(() => conversation.state?.settings.draft ?? "");
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    const keep = () => {
      const draft = latest.current.trim() === "" ? "" : latest.current.slice(0, mostCharacters);
      if (conversation.state && draft !== conversation.state.settings.draft)
        conversation.update({ draft }).catch(() => {});
    };
    addEventListener("blur", keep);
    return () => {
      removeEventListener("blur", keep);
      keep();
    };
  }, [conversation]);
  return [text, setText];
}
