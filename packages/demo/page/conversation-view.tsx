import type { Conversation, ShownMessage } from "@parlance/client";
import { useCallback, useMemo, useState } from "react";
import { Composer } from "./composing/composer.tsx";
import { ConversationBar } from "./conversation-bar.tsx";
import { useWords } from "./language.ts";
import { MessageLog } from "./log/message-log.tsx";
import { MessageMenu } from "./log/message-menu.tsx";
import { type Reaction, toggleReaction } from "./log/reactions.tsx";
import { useSession, useStatus } from "./session/use-session.ts";

/** What the next message answers, or which one it replaces. */
export interface Intent {
  kind: "quote" | "modify";
  message: ShownMessage;
}

interface ViewProps {
  conversation: Conversation;
  isFlying: boolean;
}

export function ConversationView({ conversation, isFlying }: ViewProps) {
  const words = useWords();
  const { client } = useSession();
  const status = useStatus();
  const [chosen, setChosen] = useState<ShownMessage | null>(null);
  const [intent, setIntent] = useState<Intent | null>(null);
  const [trouble, setTrouble] = useState("");

  const attempt = useCallback(
    async (work: Promise<unknown>) => {
      setTrouble("");
      await work.catch((error: Error) => setTrouble(`${words.wentWrong}: ${error.message}`));
    },
    [words],
  );
  const onReact = useCallback(
    (message: ShownMessage, reaction: Reaction) =>
      void attempt(toggleReaction(conversation, message, reaction, client.userId)),
    [attempt, conversation, client],
  );
  const actions = useMemo(() => ({ onMenu: setChosen, onReact }), [onReact]);
  const close = useCallback(() => setChosen(null), []);
  const begin = (kind: Intent["kind"]) => {
    if (chosen) setIntent({ kind, message: chosen });
    close();
  };
  return (
    <section className="conversation">
      <ConversationBar conversation={conversation} attempt={attempt} />
      {status !== "online" && status !== "connecting" && (
        <p className="line-notice" role="status">
          {isFlying ? words.airplaneNotice : words.waitingNotice}
        </p>
      )}
      <MessageLog conversation={conversation} actions={actions} />
      <p className="trouble" role="alert">
        {trouble}
      </p>
      <Composer
        conversation={conversation}
        intent={intent}
        onIntentOver={() => setIntent(null)}
        attempt={attempt}
      />
      {chosen && (
        <MessageMenu
          message={chosen}
          onClose={close}
          onReact={(reaction) => {
            onReact(chosen, reaction);
            close();
          }}
          onQuote={() => begin("quote")}
          onModify={() => begin("modify")}
          onRecall={() => {
            void attempt(conversation.recall(chosen.sentAt));
            close();
          }}
        />
      )}
    </section>
  );
}
