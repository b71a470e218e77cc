import type { Conversation } from "@parlance/client";
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Intent } from "../conversation-view.tsx";
import { IconButton } from "../icons.tsx";
import { useWords } from "../language.ts";
import { excerpt } from "../list/conversation-item.tsx";
import { type Candidate, mentionsIn } from "./mentions.ts";
import { MessageField } from "./message-field.tsx";
import { useDraft } from "./use-draft.ts";
import { useMentionPicker } from "./use-mention-picker.ts";

interface ComposerProps {
  conversation: Conversation;
  intent: Intent | null;
  onIntentOver(): void;
  attempt(work: Promise<unknown>): void;
}

export function Composer({ conversation, intent, onIntentOver, attempt }: ComposerProps) {
  const words = useWords();
  const [text, setText] = useDraft(conversation);
  const [picked, setPicked] = useState<Candidate[]>([]);
  const picker = useMentionPicker(conversation);
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();

  useEffect(() => {
    if (!intent) return;
    const { text: present } = intent.message.content;
    if (intent.kind === "modify" && typeof present === "string") setText(present);
    field.current?.focus();
  }, [intent, setText]);

  const send = () => {
    if (text.trim() === "") return;
    setText("");
    setPicked([]);
    onIntentOver();
    if (intent?.kind === "modify")
      return attempt(conversation.modify(intent.message.sentAt, { ...intent.message.content, text }));
    const mentions = mentionsIn(text, picked);
    const quote = intent ? { sentAt: intent.message.sentAt } : undefined;
    // What is refused stays in the log, with what can be done about it.
    conversation.send(text, { ...(mentions && { mentions }), ...(quote && { quote }) }).catch(() => {});
  };
  const pick = (chosen: Candidate) => {
    const next = picker.insert(text, chosen);
    setPicked((known) => [...known, chosen]);
    setText(next.text);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  const giveUp = () => {
    if (intent?.kind === "modify") setText("");
    onIntentOver();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const forPicker = picker.onKey(event);
    if (typeof forPicker === "object") pick(forPicker);
    if (forPicker) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && intent) giveUp();
  };
  const isOpen = picker.choices.length > 0;
  return (
    <form
      className="composer"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        send();
      }}
    >
      {isOpen && (
        <div id={listId} className="picker" role="listbox" aria-label={words.mention}>
          {picker.choices.map((choice, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: as above
            <div
              key={choice.id ?? "everyone"}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === picker.active}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => pick(choice)}
            >
              @{choice.name}
            </div>
          ))}
        </div>
      )}
      {intent && (
        <div className="intent">
          <span className="grow ellipsis" dir="auto">
            <strong>{intent.kind === "quote" ? words.quoting : words.modifying}</strong>{" "}
            {excerpt(intent.message, words)}
          </span>
          <IconButton icon="close" label={words.cancel} onClick={giveUp} />
        </div>
      )}
      <MessageField
        ref={field}
        value={text}
        aria-autocomplete="list"
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? `${listId}-${picker.active}` : undefined}
        onKeyDown={onKeyDown}
        onChange={({ target }) => {
          setText(target.value);
          picker.look(target.value, target.selectionStart);
          if (target.value !== "" && intent?.kind !== "modify") conversation.sendTyping();
        }}
      />
    </form>
  );
}
