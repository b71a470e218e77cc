/** The message type every dialect has: plain text. Its content is `{"text": string}`. */
export const textType = "text";

export function textContent(text: string): string {
  return JSON.stringify({ text });
}

/** The text to show for a message; of a type that has none, its content as it is. */
export function readText(message: { type: string; content: string }): string {
  if (message.type !== textType) return message.content;
  const { text } = JSON.parse(message.content) as { text?: unknown };
  // Of a message that was recalled nothing is left.
  return typeof text === "string" ? text : "";
}
