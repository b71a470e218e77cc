import type { ShownMessage } from "@parlance/client";
import { useWords } from "../language.ts";
import { useNames, useSession } from "../session/use-session.ts";

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The words of a message; whoever it mentions stands out. Text stays text: nothing of it becomes an element. */
export function MessageText({ message }: { message: ShownMessage }) {
  const words = useWords();
  const { client } = useSession();
  const names = useNames();
  const { content, mentions } = message;
  if (typeof content.text !== "string")
    return (
      <span className="words">
        <em>{words.unknownMessage}</em>
      </span>
    );
  const called = new Map((mentions?.users ?? []).map((id) => [`@${names.person(id)}`, id]));
  // Its author is not called.
  const all = message.from === client.userId ? "*" : client.userId;
  if (mentions?.all) for (const everyone of ["everyone", "所有人"]) called.set(`@${everyone}`, all);
  if (called.size === 0)
    return (
      <span className="words" dir="auto">
        {content.text}
      </span>
    );
  const parts = content.text.split(new RegExp(`(${[...called.keys()].map(escapePattern).join("|")})`));
  return (
    <span className="words" dir="auto">
      {parts.map((part, index) => {
        const id = called.get(part);
        if (!id) return part;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have nothing but their place
          <mark key={index} className={id === client.userId ? "me" : ""}>
            {part}
          </mark>
        );
      })}
    </span>
  );
}
