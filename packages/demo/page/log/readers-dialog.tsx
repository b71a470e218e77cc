import type { Conversation } from "@parlance/client";
import { useEffect, useState } from "react";
import { Avatar } from "../avatar.tsx";
import { Dialog } from "../dialog.tsx";
import { useLanguage, useWords } from "../language.ts";
import { useNames } from "../session/use-session.ts";
import { short } from "../times.ts";

type Readers = Awaited<ReturnType<Conversation["readers"]>>;

interface ReadersDialogProps {
  conversation: Conversation;
  sentAt: number;
  onClose(): void;
}

/** Who has read a message: the first hundred. */
export function ReadersDialog({ conversation, sentAt, onClose }: ReadersDialogProps) {
  const words = useWords();
  const language = useLanguage();
  const names = useNames();
  const [found, setFound] = useState<Readers | null>(null);
  useEffect(() => {
    conversation.readers(sentAt, { limit: 100 }).then(setFound, onClose);
  }, [conversation, sentAt, onClose]);
  return (
    <Dialog title={words.readers} onClose={onClose}>
      <ul className="readers">
        {found?.read.map(({ userId, at }) => (
          <li key={userId}>
            <Avatar id={userId} name={names.person(userId)} />
            <span className="grow ellipsis" dir="auto">
              {names.person(userId)}
            </span>
            {at !== undefined && <time className="subtle">{short(at, language)}</time>}
          </li>
        ))}
      </ul>
      {found && (
        <p className="subtle">
          {(found.readCount ?? 0) === 0 ? words.nobodyRead : `${found.readCount ?? 0} / ${found.memberCount}`}
        </p>
      )}
    </Dialog>
  );
}
