import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { IconButton } from "../icons.tsx";
import { useWords } from "../language.ts";

const mostCharacters = 200;

interface TopicProps {
  topic: string;
  /** Only who is in may. */
  canSave: boolean;
  onChange(topic: string): Promise<void>;
}

/** What the chatroom is about: everyone sees it, and anybody may change it. */
export function Topic({ topic, canSave, onChange }: TopicProps) {
  const words = useWords();
  const [isEditing, setIsEditing] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    // Who closes the field goes on from where they opened it.
    if (wasEditing.current && !isEditing) row.current?.querySelector("button")?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  if (isEditing)
    return (
      <TopicForm
        topic={topic}
        canSave={canSave}
        onOver={() => setIsEditing(false)}
        onSave={(text) => onChange(text).then(() => setIsEditing(false))}
      />
    );
  return (
    <div ref={row} className="topic">
      <p className="grow" aria-live="polite" title={topic}>
        <span className="subtle">{words.topicIs}</span>{" "}
        {topic === "" ? <em className="subtle">{words.noTopic}</em> : <bdi className="text">{topic}</bdi>}
      </p>
      <IconButton icon="pen" label={words.changeTopic} onClick={() => setIsEditing(true)} />
    </div>
  );
}

interface FormProps {
  topic: string;
  canSave: boolean;
  onOver(): void;
  onSave(text: string): Promise<void>;
}

function TopicForm({ topic, canSave, onOver, onSave }: FormProps) {
  const words = useWords();
  const [text, setText] = useState(topic);
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    // The Enter key may come before the button is drawn as disabled.
    if (isBusy || !canSave) return;
    setIsBusy(true);
    setError("");
    await onSave(text.trim()).catch((error: Error) => {
      setError(`${words.wentWrong}: ${error.message}`);
      setIsBusy(false);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.nativeEvent.isComposing) onOver();
  };
  return (
    <form className="topic" onSubmit={save}>
      <input
        ref={field}
        value={text}
        maxLength={mostCharacters}
        dir="auto"
        aria-label={words.topic}
        placeholder={words.topic}
        onKeyDown={onKeyDown}
        onChange={({ target }) => setText(target.value)}
      />
      <button type="submit" className="primary" disabled={isBusy || !canSave}>
        {words.save}
      </button>
      <IconButton icon="close" label={words.cancel} onClick={onOver} />
      <p className="error" role="alert">
        {canSave ? error : words.entersAgain}
      </p>
    </form>
  );
}
