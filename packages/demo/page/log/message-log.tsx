import type { Conversation, ShownMessage } from "@parlance/client";
import { Fragment, type KeyboardEvent, useEffect, useRef } from "react";
import { IconButton } from "../icons.tsx";
import { useLanguage, useWords } from "../language.ts";
import { useConversationState, useSession } from "../session/use-session.ts";
import { day, isSameDay } from "../times.ts";
import { Announcer } from "./announcer.tsx";
import { continues } from "./continues.ts";
import { type MessageActions, MessageRow } from "./message-row.tsx";
import { OwnReceipt } from "./own-receipt.tsx";
import { useHistoryWindow } from "./use-history-window.ts";
import { useScrolling } from "./use-scrolling.ts";

const keyOf = ({ clientId, sentAt }: ShownMessage): string => clientId ?? String(sentAt);

interface MessageLogProps {
  conversation: Conversation;
  actions: MessageActions;
}

export function MessageLog({ conversation, actions }: MessageLogProps) {
  const words = useWords();
  const language = useLanguage();
  const { client } = useSession();
  const ref = useRef<HTMLDivElement>(null);
  const [held, stretch] = useHistoryWindow(conversation);
  const { isAtEnd, onScroll, toEnd, toStart } = useScrolling(ref, held, stretch);
  const { messages, hasOlder, hasNewer } = stretch;
  const state = useConversationState(conversation);
  useReading(conversation, isAtEnd, messages);

  const newestOwn = messages.findLast(
    ({ from, delivery, state }) => from === client.userId && !delivery && !state,
  );
  const newestStored = messages.findLast(({ delivery }) => !delivery);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (toOtherMenu(event)) return event.preventDefault();
    if (event.target !== ref.current) return;
    if (event.key === "Home") toStart();
    else if (event.key === "End") toEnd();
    else return;
    event.preventDefault();
  };
  return (
    <div className="log-frame">
      {/* biome-ignore lint/a11y/useSemanticElements: a section of its own, which is scrolled */}
      <div
        ref={ref}
        className="log"
        role="region"
        aria-label={words.messages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        {messages.length === 0 && !state?.lastMessage && <p className="empty">{words.emptyLog}</p>}
        {messages.length > 0 && (
          <p className="log-start subtle">{hasOlder ? words.loading : words.logStart}</p>
        )}
        <ol className="messages">
          {messages.map((message, index) => {
            const before = messages[index - 1];
            const isNewDay = !before || !isSameDay(before.sentAt, message.sentAt);
            const isFirst = isNewDay || !continues(before, message);
            return (
              <Fragment key={keyOf(message)}>
                {isNewDay && <li className="day">{day(message.sentAt, language)}</li>}
                <MessageRow
                  message={message}
                  conversation={conversation}
                  isFirst={isFirst}
                  isTabStop={message === newestStored}
                  actions={actions}
                />
                {message === newestOwn && !hasNewer && (
                  <OwnReceipt conversation={conversation} message={message} />
                )}
              </Fragment>
            );
          })}
        </ol>
      </div>
      <div className="jumps">
        {hasOlder && !isAtEnd && <IconButton icon="up" label={words.toOldest} onClick={toStart} />}
        {!isAtEnd && <ToNewest conversation={conversation} onClick={toEnd} />}
      </div>
      <Announcer conversation={conversation} />
    </div>
  );
}

/** From one message's menu to that of the next or the one before: one Tab passes all of them. */
function toOtherMenu({ key, target, currentTarget }: KeyboardEvent): boolean {
  const step = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
  const menus = [...currentTarget.querySelectorAll<HTMLElement>(".menu-button")];
  const index = menus.indexOf(target as HTMLElement);
  if (step === 0 || index === -1) return false;
  menus[index + step]?.focus();
  return true;
}

function ToNewest({ conversation, onClick }: { conversation: Conversation; onClick(): void }) {
  const words = useWords();
  const unread = conversation.state?.unread ?? 0;
  return (
    <IconButton
      icon="down"
      label={unread > 0 ? words.newMessages(unread) : words.toNewest}
      onClick={onClick}
    />
  );
}

/** What stands at the end while somebody looks is read. */
function useReading(conversation: Conversation, isAtEnd: boolean, messages: readonly ShownMessage[]): void {
  useEffect(() => {
    const read = () => {
      if (isAtEnd && messages.length > 0 && document.visibilityState === "visible") conversation.markRead();
    };
    read();
    const stop = conversation.on("state", read);
    document.addEventListener("visibilitychange", read);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", read);
    };
  }, [conversation, isAtEnd, messages]);
}
