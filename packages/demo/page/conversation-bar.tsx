import type { Conversation } from "@parlance/client";
import { useEffect, useRef, useState } from "react";
import { Avatar } from "./avatar.tsx";
import { IconButton } from "./icons.tsx";
import { useWords } from "./language.ts";
import { goTo } from "./place.ts";
import { useConversationState, useIsOnline, useNames, useSession, useTyping } from "./session/use-session.ts";

interface BarProps {
  conversation: Conversation;
  attempt(work: Promise<unknown>): void;
}

/** Everything but mentions is kept quiet. */
const muteLevel = 1;

export function ConversationBar({ conversation, attempt }: BarProps) {
  const words = useWords();
  const names = useNames();
  const state = useConversationState(conversation);
  const typing = useTyping(conversation);
  const isOnline = useIsOnline(conversation.ref);
  const { kind, id } = conversation.ref;
  const name = names.of(conversation.ref);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);

  const presence = kind === "direct" ? (isOnline ? words.online : words.offline) : "";
  const members = useMemberCount(conversation);
  const count = members === undefined ? "" : words.memberCount(members);
  const isPinned = state?.settings.isPinned ?? false;
  const isMuted = (state?.settings.mute ?? 0) > 0;
  return (
    <header className="bar">
      <IconButton icon="back" className="back" label={words.back} onClick={() => goTo(null)} />
      <Avatar id={id} name={name} icon={kind === "group" ? "group" : undefined} />
      <div className="grow">
        <h1 ref={title} tabIndex={-1} className="ellipsis" dir="auto">
          {name}
        </h1>
        <span className="subtle ellipsis presence" aria-live="polite">
          {typing.length > 0 ? (
            <em className="typing">{words.typing(typing.map((userId) => names.person(userId)))}</em>
          ) : (
            presence || count
          )}
        </span>
      </div>
      {state && (
        <>
          <IconButton
            icon="pin"
            label={isPinned ? words.unpin : words.pin}
            isPressed={isPinned}
            onClick={() => attempt(conversation.update({ isPinned: !isPinned }))}
          />
          <IconButton
            icon="bell"
            label={isMuted ? words.unmute : words.mute}
            isPressed={isMuted}
            onClick={() => attempt(conversation.update({ mute: isMuted ? 0 : muteLevel }))}
          />
        </>
      )}
    </header>
  );
}

/** The state's, until somebody comes or goes. */
function useMemberCount(conversation: Conversation): number | undefined {
  const { client } = useSession();
  const state = useConversationState(conversation);
  const [newest, setNewest] = useState<number | undefined>();
  useEffect(() => {
    setNewest(undefined);
    return client.on("members", ({ conversation: { kind, id }, memberCount }) => {
      if (kind === conversation.ref.kind && id === conversation.ref.id) setNewest(memberCount);
    });
  }, [client, conversation]);
  return newest ?? state?.memberCount;
}
