import type { Chatroom } from "@parlance/client";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { MessageField } from "../composing/message-field.tsx";

export function ChatroomComposer({ chatroom }: { chatroom: Chatroom }) {
  const [text, setText] = useState("");
  const send = () => {
    if (text.trim() === "") return;
    setText("");
    // What is refused stays in the log, with what can be done about it.
    chatroom.send(text).catch(() => {});
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="composer"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        send();
      }}
    >
      <MessageField value={text} onKeyDown={onKeyDown} onChange={({ target }) => setText(target.value)} />
    </form>
  );
}
