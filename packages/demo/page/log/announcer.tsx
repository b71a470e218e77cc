import type { Conversation } from "@parlance/client";
import { useEffect, useState } from "react";
import { useWords } from "../language.ts";
import { excerpt } from "../list/conversation-item.tsx";
import { useSession } from "../session/use-session.ts";

/** Tells screen readers what others write here now; pages of history are not read out. */
export function Announcer({ conversation }: { conversation: Pick<Conversation, "ref"> }) {
  const words = useWords();
  const { client, names } = useSession();
  const [sentence, setSentence] = useState("");
  useEffect(
    () =>
      client.on("message", ({ conversation: { kind, id }, message }) => {
        const isHere = kind === conversation.ref.kind && id === conversation.ref.id;
        if (!isHere || message.from === client.userId || message.from === null) return;
        setSentence(`${names.person(message.from)}: ${excerpt(message, words)}`);
      }),
    [client, names, conversation, words],
  );
  return (
    <p className="visually-hidden" aria-live="polite">
      {sentence}
    </p>
  );
}
