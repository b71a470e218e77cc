import type { ComponentProps } from "react";
import { Icon } from "../icons.tsx";
import { useWords } from "../language.ts";

const mostCharacters = 20_000;

/** The field that a message is written in, which grows with it, and the button that sends it. */
export function MessageField({ value, ...rest }: ComponentProps<"textarea"> & { value: string }) {
  const words = useWords();
  return (
    <div className="row">
      <div className="field" data-text={`${value}\n`}>
        <textarea
          rows={1}
          value={value}
          maxLength={mostCharacters}
          dir="auto"
          enterKeyHint="send"
          aria-label={words.message}
          placeholder={words.message}
          {...rest}
        />
      </div>
      <button type="submit" className="primary round" aria-label={words.send} disabled={value.trim() === ""}>
        <Icon name="send" />
      </button>
    </div>
  );
}
