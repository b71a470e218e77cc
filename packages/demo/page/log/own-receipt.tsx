import type { Conversation, ShownMessage } from "@parlance/client";
import { useEffect, useState } from "react";
import { Icon } from "../icons.tsx";
import { useWords } from "../language.ts";
import { useConversationState, useSession } from "../session/use-session.ts";
import { ReadersDialog } from "./readers-dialog.tsx";

interface ReceiptProps {
  conversation: Conversation;
  message: ShownMessage;
}

/** Below the newest message of one's own: whether it was read, or by how many. */
export function OwnReceipt({ conversation, message }: ReceiptProps) {
  return (
    <li className="receipt">
      {conversation.ref.kind === "direct" ? (
        <DirectReceipt conversation={conversation} message={message} />
      ) : (
        <GroupReceipt conversation={conversation} message={message} />
      )}
    </li>
  );
}

function DirectReceipt({ conversation, message }: ReceiptProps) {
  const words = useWords();
  const state = useConversationState(conversation);
  const isRead = (state?.peerReadMark?.sentAt ?? 0) >= message.sentAt;
  return (
    <span className={isRead ? "ticks is-read" : "ticks"}>
      <Icon name={isRead ? "checks" : "check"} /> {isRead ? words.read : words.sent}
    </span>
  );
}

function GroupReceipt({ conversation, message }: ReceiptProps) {
  const words = useWords();
  const count = useReadCount(conversation, message.sentAt);
  const [isOpen, setIsOpen] = useState(false);
  if (count === 0)
    return (
      <span className="ticks">
        <Icon name="check" /> {words.sent}
      </span>
    );
  return (
    <>
      <button type="button" className="ticks is-read" aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
        <Icon name="checks" /> {words.readBy(count)}
      </button>
      {isOpen && (
        <ReadersDialog conversation={conversation} sentAt={message.sentAt} onClose={() => setIsOpen(false)} />
      )}
    </>
  );
}

/** Asked when a read mark moves, one question at a time: in a large group they move all the time. */
function useReadCount(conversation: Conversation, sentAt: number): number {
  const { client } = useSession();
  const [count, setCount] = useState(0);
  useEffect(() => {
    let [isOver, isAsking, isStale] = [false, false, false];
    const ask = async () => {
      isStale = true;
      if (isAsking) return;
      isAsking = true;
      while (isStale && !isOver) {
        isStale = false;
        const found = await conversation.readers(sentAt, { limit: 1 }).catch(() => null);
        if (found && !isOver) setCount(found.readCount ?? 0);
      }
      isAsking = false;
    };
    setCount(0);
    void ask();
    const stops = [
      client.on("readMark", ({ conversation: { kind, id } }) => {
        if (kind === conversation.ref.kind && id === conversation.ref.id) void ask();
      }),
      client.on("synced", ask),
    ];
    return () => {
      isOver = true;
      for (const stop of stops) stop();
    };
  }, [client, conversation, sentAt]);
  return count;
}
