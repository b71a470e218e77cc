import { useEffect, useState } from "react";
import { ChatroomList } from "./chatroom/chatroom-list.tsx";
import { ChatroomView } from "./chatroom/chatroom-view.tsx";
import { ConversationView } from "./conversation-view.tsx";
import { useWords } from "./language.ts";
import { ConversationList } from "./list/conversation-list.tsx";
import { NewConversation } from "./list/new-conversation.tsx";
import { OwnBar } from "./list/own-bar.tsx";
import { addressOf, goTo, useOpenConversation } from "./place.ts";
import { useConversations, useSession } from "./session/use-session.ts";

interface ChatProps {
  onSignOut(): void;
  onLanguage(): void;
}

export function Chat({ onSignOut, onLanguage }: ChatProps) {
  const words = useWords();
  const { client } = useSession();
  const open = useOpenConversation();
  const [isStarting, setIsStarting] = useState(false);
  const [isFlying, setIsFlying] = useState(false);
  useTitle();

  const fly = () => {
    if (isFlying) client.reconnect();
    else client.disconnect();
    setIsFlying(!isFlying);
  };
  return (
    <div className="chat" data-view={open ? "conversation" : "list"}>
      <nav className="sidebar" aria-label={words.conversations}>
        <OwnBar
          isFlying={isFlying}
          onFly={fly}
          onNew={() => setIsStarting(true)}
          onSignOut={onSignOut}
          onLanguage={onLanguage}
        />
        <div className="lists">
          <ChatroomList open={open} />
          <ConversationList open={open} />
        </div>
      </nav>
      <main className="main">
        {!open && <p className="empty">{words.chooseConversation}</p>}
        {open?.kind === "chatroom" && <ChatroomView key={addressOf(open)} id={open.id} isFlying={isFlying} />}
        {open && open.kind !== "chatroom" && (
          <ConversationView
            key={addressOf(open)}
            conversation={client.conversation(open)}
            isFlying={isFlying}
          />
        )}
      </main>
      {isStarting && (
        <NewConversation
          onClose={() => setIsStarting(false)}
          onOpen={(ref) => {
            setIsStarting(false);
            goTo(ref);
          }}
        />
      )}
    </div>
  );
}

/** How much is unread, where it is seen while another tab is in front. */
function useTitle(): void {
  const words = useWords();
  const { client } = useSession();
  useConversations();
  const { unread } = client.unread;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${words.title}` : words.title;
  }, [unread, words]);
}
