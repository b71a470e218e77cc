import type { ContentOf, MessageTypeName, ParamsOf } from "@parlance/protocol";

type Send = ParamsOf<"message.send">;

/** What a send may say besides type and content. */
export type SendOptions = Partial<Pick<Send, "mentions" | "quote" | "to" | "isCounted" | "isPersisted">>;

/** A message of a built-in type, or of one of the app's own. */
export type NewMessage =
  | { [Name in MessageTypeName]: { type: Name; content: ContentOf<Name> } }[MessageTypeName]
  | { type: string & {}; content: Record<string, unknown> };

/** Text is a message of type `text`. */
export const asMessage = (message: string | NewMessage): Pick<Send, "type" | "content"> =>
  typeof message === "string"
    ? { type: "text", content: { text: message } }
    : (message as Pick<Send, "type" | "content">);

/** New for every message; the time in front keeps them apart across runs of the program. */
export function newClientId(now: number, random: () => number): string {
  const part = () => Math.floor(random() * 2 ** 48).toString(36);
  return `${now.toString(36)}-${part()}${part()}`;
}
