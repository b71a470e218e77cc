import type { ConversationRef } from "@parlance/client";
import { useId } from "react";
import { useWords } from "../language.ts";
import { addressOf } from "../place.ts";
import { useConversations } from "../session/use-session.ts";
import { ConversationItem } from "./conversation-item.tsx";

/** As far as the list is long, what nobody sees costs nothing: the browser skips it (`content-visibility`). */
export function ConversationList({ open }: { open: ConversationRef | null }) {
  const words = useWords();
  const titleId = useId();
  const conversations = useConversations().filter(
    ({ conversation }) => conversation.kind === "direct" || conversation.kind === "group",
  );
  if (conversations.length === 0) return <p className="empty">{words.noConversations}</p>;
  const openAddress = open && addressOf(open);
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className="section-title">
        {words.conversations}
      </h2>
      <ul className="conversations">
        {conversations.map((state) => {
          const address = addressOf(state.conversation);
          return <ConversationItem key={address} state={state} isOpen={address === openAddress} />;
        })}
      </ul>
    </section>
  );
}
