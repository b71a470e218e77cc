import type { Conversation } from "@parlance/client";
import { useEffect, useState } from "react";
import { useWords } from "../language.ts";
import { excerpt } from "../list/conversation-item.tsx";
import { useSession } from "../session/use-session.ts";

/** Several may come before one is read out; those before were. */
const mostKept = 10;

/** Tells screen readers what others write here now; pages of history are not read out. */
export function Announcer({ conversation }: { conversation: Pick<Conversation, "ref"> }) {
  const words = useWords();
  const { client, names } = useSession();
  const [said, setSaid] = useState<{ sentAt: number; sentence: string }[]>([]);
  useEffect(
    () =>
      client.on("message", ({ conversation: { kind, id }, message }) => {
        const isHere = kind === conversation.ref.kind && id === conversation.ref.id;
        if (!isHere || message.from === client.userId || message.from === null) return;
        const sentence = `${names.person(message.from)}: ${excerpt(message, words)}`;
        setSaid((before) => [...before, { sentAt: message.sentAt, sentence }].slice(-mostKept));
      }),
    [client, names, conversation, words],
  );
  return (
    <div className="visually-hidden" role="log" aria-label={words.newlyWritten}>
      {said.map(({ sentAt, sentence }) => (
        <p key={sentAt}>{sentence}</p>
      ))}
    </div>
  );
}
