/** Reactions are keys on a message: `like-USER` is one person's. */

import type { Conversation, ShownMessage } from "@parlance/client";
import { useWords } from "../language.ts";
import { useSession } from "../session/use-session.ts";

export const reactions = { like: "👍", love: "❤️", laugh: "😂", party: "🎉" } as const;
export type Reaction = keyof typeof reactions;
export const reactionNames = Object.keys(reactions) as Reaction[];

const keyOf = (reaction: Reaction, userId: string): string => `${reaction}-${userId}`;

export const hasReacted = (message: ShownMessage, reaction: Reaction, userId: string): boolean =>
  message.keys?.[keyOf(reaction, userId)] !== undefined;

export async function toggleReaction(
  conversation: Conversation,
  message: ShownMessage,
  reaction: Reaction,
  userId: string,
): Promise<void> {
  const key = keyOf(reaction, userId);
  if (hasReacted(message, reaction, userId)) await conversation.removeKeys(message.sentAt, [key]);
  else await conversation.setKeys(message.sentAt, { [key]: "1" });
}

interface ReactionsProps {
  message: ShownMessage;
  onToggle(reaction: Reaction): void;
}

export function Reactions({ message, onToggle }: ReactionsProps) {
  const words = useWords();
  const { client } = useSession();
  const keys = Object.keys(message.keys ?? {});
  const counts = reactionNames
    .map((name) => ({ name, count: keys.filter((key) => key.startsWith(`${name}-`)).length }))
    .filter(({ count }) => count > 0);
  if (counts.length === 0) return null;
  return (
    <div className="reactions">
      {counts.map(({ name, count }) => (
        <button
          key={name}
          type="button"
          aria-pressed={hasReacted(message, name, client.userId)}
          aria-label={words.reaction(words.reactions[name], count)}
          onClick={() => onToggle(name)}
        >
          {reactions[name]} {count}
        </button>
      ))}
    </div>
  );
}
