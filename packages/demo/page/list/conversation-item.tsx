import type { ConversationState, Message } from "@parlance/client";
import { memo } from "react";
import { Avatar } from "../avatar.tsx";
import { Icon } from "../icons.tsx";
import { useLanguage, useWords, type Words } from "../language.ts";
import { addressOf } from "../place.ts";
import { useIsOnline, useNames, useSession } from "../session/use-session.ts";
import { short } from "../times.ts";

interface ItemProps {
  state: ConversationState;
  isOpen: boolean;
}

/** What a message says in one line. */
export function excerpt(message: Pick<Message, "type" | "content" | "state">, words: Words): string {
  if (message.state === "recalled") return words.recalled;
  const { text } = message.content;
  return typeof text === "string" ? text.slice(0, 200) : words.unknownMessage;
}

export const ConversationItem = memo(function ConversationItem({ state, isOpen }: ItemProps) {
  const words = useWords();
  const language = useLanguage();
  const { client } = useSession();
  const names = useNames();
  const { conversation, lastMessage, unread, mentions, settings } = state;
  const isOnline = useIsOnline(conversation);
  const isGroup = conversation.kind === "group";
  const name = names.of(conversation);
  const author = lastMessage?.from === client.userId ? words.you : names.person(lastMessage?.from ?? "");
  const prefix =
    lastMessage?.from && !lastMessage.state && (isGroup || author === words.you) ? `${author}: ` : "";
  const isMuted = settings.mute > 0;
  return (
    <li>
      <a href={addressOf(conversation)} aria-current={isOpen ? "page" : undefined}>
        <span className="portrait">
          <Avatar id={conversation.id} name={name} icon={isGroup ? "group" : undefined} />
          {isOnline && (
            <span className="dot">
              <span className="visually-hidden">{words.online}</span>
            </span>
          )}
        </span>
        <span className="grow">
          <span className="line">
            <strong className="ellipsis" dir="auto">
              {name}
            </strong>
            {settings.isPinned && <Sign icon="pin" label={words.pinned} />}
            {isMuted && <Sign icon="bell" label={words.muted} />}
            {lastMessage && <time className="subtle">{short(lastMessage.sentAt, language)}</time>}
          </span>
          <span className="line">
            <span className="ellipsis subtle preview" dir="auto">
              {settings.draft !== "" && !isOpen ? (
                <>
                  <em>{words.draft}</em> {settings.draft}
                </>
              ) : (
                lastMessage && prefix + excerpt(lastMessage, words)
              )}
            </span>
            {mentions > 0 && (
              <span className="badge mentions" title={words.mentioned}>
                <span aria-hidden="true">@</span>
                <span className="visually-hidden">{words.mentioned}</span>
              </span>
            )}
            {unread > 0 && (
              <span className={`badge unread ${isMuted ? "muted" : ""}`}>
                <span aria-hidden="true">{unread > 999 ? "999+" : unread}</span>
                <span className="visually-hidden">{words.unread(unread)}</span>
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  );
});

function Sign({ icon, label }: { icon: "pin" | "bell"; label: string }) {
  return (
    <span className="sign" title={label}>
      <Icon name={icon} />
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
