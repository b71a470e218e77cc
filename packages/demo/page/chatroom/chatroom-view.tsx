import { useEffect } from "react";
import { IconButton } from "../icons.tsx";
import { useWords } from "../language.ts";
import { goTo, leaveFor } from "../place.ts";
import { useSession, useStatus } from "../session/use-session.ts";
import { ChatroomBar } from "./chatroom-bar.tsx";
import { ChatroomComposer } from "./chatroom-composer.tsx";
import { ChatroomLog } from "./chatroom-log.tsx";
import { Topic } from "./topic.tsx";
import { useChatroomList, useVisit } from "./use-chatrooms.ts";
import type { Visit } from "./visit.ts";

interface ViewProps {
  id: string;
  isFlying: boolean;
}

/** Who opens the address of a chatroom enters it. One that isn't listed would be made by entering: it is refused. */
export function ChatroomView({ id, isFlying }: ViewProps) {
  const words = useWords();
  const { chatrooms } = useSession();
  const list = useChatroomList();
  const name = list?.find((chatroom) => chatroom.id === id)?.name;
  if (name !== undefined) return <Room visit={chatrooms.visit(id)} name={name} isFlying={isFlying} />;
  return (
    <section className="conversation">
      <header className="bar back">
        <IconButton icon="back" className="back" label={words.back} onClick={() => goTo(null)} />
      </header>
      <p className="empty">{list ? words.noChatroom : words.loading}</p>
    </section>
  );
}

interface RoomProps {
  visit: Visit;
  name: string;
  isFlying: boolean;
}

function Room({ visit, name, isFlying }: RoomProps) {
  const words = useWords();
  const status = useStatus();
  const state = useVisit(visit);
  useEffect(() => visit.show(), [visit]);
  useEffect(() => void visit.enter(), [visit]);

  const leave = () => {
    visit.leave();
    leaveFor(null);
  };
  return (
    <section className="conversation">
      <ChatroomBar visit={visit} name={name} state={state} onLeave={leave} />
      {status !== "online" && status !== "connecting" && (
        <p className="line-notice" role="status">
          {isFlying ? words.airplaneNotice : words.waitingNotice}
        </p>
      )}
      {state.phase === "out" ? (
        <Outside reason={state.reason} onEnter={() => void visit.enter()} />
      ) : (
        <>
          <Topic
            topic={state.topic}
            canSave={state.phase === "in" && !state.isWaiting}
            onChange={(topic) => visit.setTopic(topic)}
          />
          <ChatroomLog visit={visit} state={state} />
          <ChatroomComposer chatroom={visit.chatroom} />
        </>
      )}
    </section>
  );
}

function Outside({ reason, onEnter }: { reason: string; onEnter(): void }) {
  const words = useWords();
  const known: Record<string, string> = { "": "", left: words.leftElsewhere, destroyed: words.noChatroom };
  return (
    <div className="empty stack">
      <p role="status">{known[reason] ?? `${words.wentWrong}: ${reason}`}</p>
      <button type="button" className="primary" onClick={onEnter}>
        {words.enter}
      </button>
    </div>
  );
}
