import { useMemo, useRef } from "react";
import { IconButton } from "../icons.tsx";
import { useLanguage, useWords } from "../language.ts";
import { Announcer } from "../log/announcer.tsx";
import { MessageRow } from "../log/message-row.tsx";
import { useNames } from "../session/use-session.ts";
import { day } from "../times.ts";
import { type Line, linesOf } from "./lines.ts";
import { useFollowing } from "./use-following.ts";
import type { Notice, Visit, VisitState } from "./visit.ts";

/** People that a notice names. */
const mostNamed = 3;

interface LogProps {
  visit: Visit;
  state: VisitState;
}

export function ChatroomLog({ visit: { chatroom }, state: { phase, messages, notices } }: LogProps) {
  const words = useWords();
  const language = useLanguage();
  const ref = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(messages, notices), [messages, notices]);
  const isWriting = messages.at(-1)?.delivery === "pending";
  const { isAtEnd, onScroll, toEnd } = useFollowing(ref, lines, isWriting);
  const draw = (line: Line) => {
    if (line.kind === "notice") return <NoticeRow key={`notice-${line.notice.id}`} notice={line.notice} />;
    if (line.kind === "day")
      return (
        <li key={`day-${line.at}`} className="day">
          {day(line.at, language)}
        </li>
      );
    const { message, isFirst } = line;
    return (
      <MessageRow
        key={message.clientId ?? message.sentAt}
        message={message}
        conversation={chatroom}
        isFirst={isFirst}
      />
    );
  };
  return (
    <div className="log-frame">
      {/* biome-ignore lint/a11y/useSemanticElements: a section of its own, which is scrolled */}
      <div
        ref={ref}
        className="log chatroom-log"
        role="region"
        aria-label={words.messages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        {messages.length === 0 && phase === "in" && <p className="empty">{words.emptyLog}</p>}
        <ol className="messages">{lines.map(draw)}</ol>
      </div>
      <div className="jumps">
        {!isAtEnd && <IconButton icon="down" label={words.toNewest} onClick={toEnd} />}
      </div>
      <Announcer conversation={chatroom} />
    </div>
  );
}

function NoticeRow({ notice: { kind, userIds } }: { notice: Notice }) {
  const words = useWords();
  const names = useNames();
  const named = userIds.slice(0, mostNamed).map((id) => names.person(id));
  const sentences = {
    came: () => words.came(named, userIds.length - named.length),
    went: () => words.went(named, userIds.length - named.length),
    back: () => words.connectedAgain,
    gap: () => words.missed,
  };
  return <li className="notice quiet">{sentences[kind]()}</li>;
}
