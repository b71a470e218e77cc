import type { Change, Entry, Message } from "@parlance/protocol";

export const isChange = (entry: Entry): entry is Change => "change" in entry;

/** Whether history shows it. */
export const isVisible = ({ state }: Message): boolean => state === undefined || state === "recalled";

/** Null: it has been applied already, or something newer. */
export function applyChange(message: Message, { seq, sentAt, change }: Change): Message | null {
  if ((message.changeSeq ?? 0) >= seq) return null;
  const next: Message = { ...message, changeSeq: seq };
  switch (change.kind) {
    case "recall":
      return emptied(next, "recalled");
    case "delete":
      return emptied(next, "deleted");
    case "hide":
      return emptied(next, "hidden");
    case "show":
      // Only the server knows what was hidden: it is loaded.
      return next;
    case "modify":
      next.modifiedAt = sentAt;
      if (change.type) next.type = change.type;
      if (change.content) next.content = change.content;
      return next;
    case "setKeys":
      next.keys = { ...message.keys, ...change.keys };
      return next;
    case "removeKeys": {
      const removed = new Set(change.removedKeys);
      next.keys = Object.fromEntries(Object.entries(message.keys ?? {}).filter(([key]) => !removed.has(key)));
      return next;
    }
    default:
      // Of a kind that came after this version: only the mark that it happened.
      return next;
  }
}

function emptied(message: Message, state: NonNullable<Message["state"]>): Message {
  const { keys: _keys, mentions: _mentions, quote: _quote, ...rest } = message;
  return { ...rest, content: {}, state };
}
