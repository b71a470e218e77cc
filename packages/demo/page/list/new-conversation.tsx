import type { ConversationRef } from "@parlance/client";
import { type FormEvent, useEffect, useState } from "react";
import { Avatar } from "../avatar.tsx";
import { Dialog } from "../dialog.tsx";
import { useWords } from "../language.ts";
import { addPerson, createGroup, listPeople, type Named } from "../session/back-end.ts";
import { useSession } from "../session/use-session.ts";

interface NewConversationProps {
  onClose(): void;
  onOpen(ref: ConversationRef): void;
}

/** One person: a direct conversation. Several, or a name: a group, which the back end makes. */
export function NewConversation({ onClose, onOpen }: NewConversationProps) {
  const words = useWords();
  const { client, names } = useSession();
  const [people, setPeople] = useState<Named[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [newName, setNewName] = useState("");
  const [groupName, setGroupName] = useState("");
  const [error, setError] = useState("");

  const attempt = (work: Promise<void>) => work.catch((error: Error) => setError(error.message));
  useEffect(() => {
    listPeople().then(
      (found) => setPeople(found.people.filter(({ id }) => id !== client.userId)),
      (error: Error) => setError(error.message),
    );
  }, [client]);

  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const add = async () => {
    const person = await addPerson(newName);
    setNewName("");
    if (person.id === client.userId) return;
    setPeople((known) => [person, ...known.filter(({ id }) => id !== person.id)]);
    setChosen((ids) => new Set([...ids, person.id]));
  };
  const start = async () => {
    const [first, ...others] = chosen;
    if (first === undefined) return;
    for (const { id, name } of people) if (chosen.has(id)) names.set(id, name);
    if (others.length === 0 && groupName.trim() === "") return onOpen({ kind: "direct", id: first });
    const title =
      groupName.trim() ||
      people
        .filter(({ id }) => chosen.has(id))
        .map(({ name }) => name)
        .join(", ");
    const group = await createGroup([...title].slice(0, 40).join(""), [client.userId, ...chosen]);
    names.set(`group/${group.id}`, group.name);
    onOpen({ kind: "group", id: group.id });
  };
  const submit = (work: () => Promise<void>) => (event: FormEvent) => {
    event.preventDefault();
    setError("");
    void attempt(work());
  };

  return (
    <Dialog title={words.newConversation} onClose={onClose}>
      <form className="row" onSubmit={submit(add)}>
        <input
          value={newName}
          maxLength={40}
          aria-label={words.addPerson}
          placeholder={words.addPerson}
          onChange={(event) => setNewName(event.target.value)}
        />
        <button type="submit" disabled={newName.trim() === ""}>
          {words.add}
        </button>
      </form>
      <form className="stack" onSubmit={submit(start)}>
        <fieldset className="people">
          <legend>{words.withWhom}</legend>
          {people.map(({ id, name }) => (
            <label key={id}>
              <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
              <Avatar id={id} name={name} />
              <span className="ellipsis" dir="auto">
                {name}
              </span>
            </label>
          ))}
        </fieldset>
        {chosen.size > 1 && (
          <input
            value={groupName}
            maxLength={40}
            aria-label={words.groupName}
            placeholder={words.groupName}
            onChange={(event) => setGroupName(event.target.value)}
          />
        )}
        <p className="error" role="alert">
          {error}
        </p>
        <div className="actions">
          <button type="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className="primary" disabled={chosen.size === 0}>
            {words.start}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
