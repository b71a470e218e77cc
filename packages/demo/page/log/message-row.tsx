import type { Conversation, ShownMessage } from "@parlance/client";
import { memo } from "react";
import { Avatar } from "../avatar.tsx";
import { Icon, IconButton } from "../icons.tsx";
import { useLanguage, useWords } from "../language.ts";
import { excerpt } from "../list/conversation-item.tsx";
import { useNames, useSession } from "../session/use-session.ts";
import { clock } from "../times.ts";
import { MessageText } from "./message-text.tsx";
import { type Reaction, Reactions } from "./reactions.tsx";

export interface MessageActions {
  onMenu(message: ShownMessage): void;
  onReact(message: ShownMessage, reaction: Reaction): void;
}

/** Where a message stands: a conversation or a chatroom. */
type Home = Pick<Conversation, "ref" | "retry" | "discard">;

interface RowProps {
  message: ShownMessage;
  conversation: Home;
  /** Of those of its author that stand together. */
  isFirst: boolean;
  /** Whether Tab leads to its menu. */
  isTabStop?: boolean;
  /** Absent: nothing can be done with it. */
  actions?: MessageActions;
}

export const MessageRow = memo(function MessageRow(props: RowProps) {
  const { message, conversation, isFirst, isTabStop, actions } = props;
  const words = useWords();
  const language = useLanguage();
  const { client } = useSession();
  const names = useNames();
  const { from, delivery, state } = message;
  const isOwn = from === client.userId;
  if (from === null || state === "recalled") {
    const sentence =
      state === "recalled" ? (isOwn ? words.youRecalled : words.recalled) : excerpt(message, words);
    return (
      <li className="notice" data-place>
        {sentence}
      </li>
    );
  }
  const author = names.person(from);
  const showsAuthor = !isOwn && conversation.ref.kind !== "direct";
  const classes = ["message", isOwn && "own", isFirst && "first", delivery].filter(Boolean).join(" ");
  return (
    <li className={classes} data-sent-at={delivery ? undefined : message.sentAt}>
      {showsAuthor && (isFirst ? <Avatar id={from} name={author} /> : <span className="avatar-space" />)}
      <div className="content">
        {isFirst && showsAuthor && (
          <strong className="author ellipsis" dir="auto">
            {author}
          </strong>
        )}
        {!(isFirst && showsAuthor) && <span className="visually-hidden">{isOwn ? words.you : author}</span>}
        <div className="bubble" data-place>
          {message.quote && (
            <blockquote dir="auto">
              <strong>{names.person(message.quote.from ?? "")}</strong>
              <span>{excerpt(message.quote, words)}</span>
            </blockquote>
          )}
          <MessageText message={message} />
          <span className="foot">
            {message.modifiedAt !== undefined && <em>{words.modified}</em>}
            <time>{clock(message.sentAt, language)}</time>
            {delivery === "pending" && (
              <span className="waiting" title={words.pending}>
                <Icon name="clock" />
                <span className="visually-hidden">{words.pending}</span>
              </span>
            )}
          </span>
        </div>
        {delivery === "failed" && <Failed conversation={conversation} message={message} />}
        {actions && (
          <Reactions message={message} onToggle={(reaction) => actions.onReact(message, reaction)} />
        )}
      </div>
      {!delivery && actions && (
        <IconButton
          icon="more"
          className="menu-button"
          isTabStop={isTabStop === true}
          label={words.actions}
          onClick={() => actions.onMenu(message)}
        />
      )}
    </li>
  );
});

function Failed({ conversation, message }: { conversation: Home; message: ShownMessage }) {
  const words = useWords();
  const { clientId = "", refusal } = message;
  return (
    <p className="failure" role="alert">
      <span title={refusal?.message}>{words.failed}</span>
      <button type="button" onClick={() => conversation.retry(clientId)}>
        {words.retry}
      </button>
      <button type="button" onClick={() => conversation.discard(clientId)}>
        {words.discard}
      </button>
    </p>
  );
}
