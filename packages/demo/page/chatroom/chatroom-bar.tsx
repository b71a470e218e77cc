import { useEffect, useRef } from "react";
import { Avatar } from "../avatar.tsx";
import { IconButton } from "../icons.tsx";
import { useWords } from "../language.ts";
import { goTo } from "../place.ts";
import type { Visit, VisitState } from "./visit.ts";

interface BarProps {
  visit: Visit;
  name: string;
  state: VisitState;
  onLeave(): void;
}

export function ChatroomBar({ visit, name, state: { phase, isWaiting, memberCount }, onLeave }: BarProps) {
  const words = useWords();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const inside = isWaiting ? words.entersAgain : words.memberCount(memberCount);
  const sentences = { out: "", entering: words.entering, in: inside };
  return (
    <header className="bar">
      <IconButton icon="back" className="back" label={words.back} onClick={() => goTo(null)} />
      <Avatar id={visit.chatroom.ref.id} name={name} icon="door" />
      <div className="grow">
        <h1 ref={title} tabIndex={-1} className="ellipsis" dir="auto">
          {name}
        </h1>
        <span className="subtle ellipsis presence" aria-live="polite">
          {sentences[phase]}
        </span>
      </div>
      {phase !== "out" && (
        <button type="button" onClick={onLeave}>
          {words.leave}
        </button>
      )}
    </header>
  );
}
