import type { Conversation } from "@parlance/client";
import { type KeyboardEvent, useEffect, useState } from "react";
import { useWords } from "../language.ts";
import { useSession } from "../session/use-session.ts";
import { type Candidate, loadCandidates, mentionAt, offered } from "./mentions.ts";

export interface MentionPicker {
  /** Empty: nothing is offered. */
  choices: readonly Candidate[];
  active: number;
  look(text: string, caret: number): void;
  /** True: the key was for the picker. */
  onKey(event: KeyboardEvent): Candidate | boolean;
  /** The text with the name in place of what was typed of it. */
  insert(text: string, chosen: Candidate): { text: string; caret: number };
}

/** Offers members of a group behind an `@`. */
export function useMentionPicker(conversation: Conversation): MentionPicker {
  const words = useWords();
  const { client, names } = useSession();
  const [candidates, setCandidates] = useState<Candidate[]>([]);
  const [place, setPlace] = useState<{ from: number; query: string } | null>(null);
  const [active, setActive] = useState(0);
  const isGroup = conversation.ref.kind === "group";

  useEffect(() => {
    if (!isGroup) return;
    const load = () =>
      loadCandidates(conversation, client.userId).then(
        (found) => {
          for (const { id, name } of found) if (id) names.set(id, name);
          setCandidates(found);
        },
        () => {},
      );
    void load();
    const stops = [client.on("members", load), client.on("synced", load)];
    return () => stops.forEach((stop) => void stop());
  }, [conversation, client, names, isGroup]);

  const everyone = { id: null, name: words.everyone };
  const choices = place && isGroup ? offered(candidates, everyone, place.query) : [];
  return {
    choices,
    active,
    look(text, caret) {
      setPlace(mentionAt(text, caret));
      setActive(0);
    },
    onKey(event) {
      if (choices.length === 0) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) setActive((active + step + choices.length) % choices.length);
      else if (event.key === "Enter" || event.key === "Tab") return choices[active] ?? false;
      else if (event.key === "Escape") setPlace(null);
      else return false;
      return true;
    },
    insert(text, { name }) {
      const { from, query } = place ?? { from: text.length, query: "" };
      setPlace(null);
      const before = `${text.slice(0, from)}@${name} `;
      return { text: before + text.slice(from + 1 + query.length), caret: before.length };
    },
  };
}
