import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { IconButton } from "./icons.tsx";
import { useWords } from "./language.ts";

interface DialogProps {
  title: string;
  onClose(): void;
  children: ReactNode;
}

/** Modal while it is there: the focus stays inside, Escape and a click beside it close it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const words = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still there: then the focus goes back to where it was.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same as a click beside it
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <div className="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={words.close} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
