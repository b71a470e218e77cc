import type { ConversationRef } from "@parlance/client";
import { useId } from "react";
import { Avatar } from "../avatar.tsx";
import { useWords } from "../language.ts";
import { addressOf } from "../place.ts";
import type { Named } from "../session/back-end.ts";
import { useSession } from "../session/use-session.ts";
import { useChatroomList, useVisit } from "./use-chatrooms.ts";

/** The section of the side bar with the chatrooms that anybody may enter. */
export function ChatroomList({ open }: { open: ConversationRef | null }) {
  const words = useWords();
  const list = useChatroomList();
  const titleId = useId();
  if (!list || list.length === 0) return null;
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className="section-title">
        {words.chatrooms}
      </h2>
      <ul className="chatrooms">
        {list.map((chatroom) => (
          <ChatroomItem
            key={chatroom.id}
            chatroom={chatroom}
            isOpen={open?.kind === "chatroom" && open.id === chatroom.id}
          />
        ))}
      </ul>
    </section>
  );
}

function ChatroomItem({ chatroom: { id, name }, isOpen }: { chatroom: Named; isOpen: boolean }) {
  const words = useWords();
  const { chatrooms } = useSession();
  const { phase, isWaiting, memberCount, unseen } = useVisit(chatrooms.visit(id));
  const inside = isWaiting ? words.entersAgain : `${words.inside} · ${words.memberCount(memberCount)}`;
  const sentences = { out: words.openToAll, entering: words.entering, in: inside };
  return (
    <li>
      <a href={addressOf({ kind: "chatroom", id })} aria-current={isOpen ? "page" : undefined}>
        <Avatar id={id} name={name} icon="door" />
        <span className="grow">
          <strong className="ellipsis" dir="auto">
            {name}
          </strong>
          <span className="line">
            <span className="ellipsis subtle preview" data-phase={isWaiting ? undefined : phase}>
              {sentences[phase]}
            </span>
            {unseen > 0 && (
              <span className="badge unread">
                <span aria-hidden="true">{unseen > 99 ? "99+" : unseen}</span>
                <span className="visually-hidden">{words.newMessages(unseen)}</span>
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  );
}
