import type { ShownMessage } from "@parlance/client";
import { Dialog } from "../dialog.tsx";
import { useWords } from "../language.ts";
import { excerpt } from "../list/conversation-item.tsx";
import { useSession } from "../session/use-session.ts";
import { hasReacted, type Reaction, reactionNames, reactions } from "./reactions.tsx";

interface MenuProps {
  message: ShownMessage;
  onClose(): void;
  onReact(reaction: Reaction): void;
  onQuote(): void;
  onModify(): void;
  onRecall(): void;
}

export function MessageMenu({ message, onClose, onReact, onQuote, onModify, onRecall }: MenuProps) {
  const words = useWords();
  const { client } = useSession();
  const isOwn = message.from === client.userId;
  return (
    <Dialog title={words.actions} onClose={onClose}>
      <p className="subject ellipsis" dir="auto">
        {excerpt(message, words)}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a row of buttons, not fields of a form */}
      <div className="pick-reaction" role="group" aria-label={words.react}>
        {reactionNames.map((name) => (
          <button
            key={name}
            type="button"
            aria-label={words.reactions[name]}
            aria-pressed={hasReacted(message, name, client.userId)}
            onClick={() => onReact(name)}
          >
            {reactions[name]}
          </button>
        ))}
      </div>
      <div className="menu">
        <button type="button" onClick={onQuote}>
          {words.quote}
        </button>
        {isOwn && (
          <>
            <button type="button" onClick={onModify}>
              {words.modify}
            </button>
            <button type="button" className="danger" onClick={onRecall}>
              {words.recall}
            </button>
          </>
        )}
      </div>
    </Dialog>
  );
}
