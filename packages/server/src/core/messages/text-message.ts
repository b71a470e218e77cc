/** The message type every dialect has: plain text. Its content is `{"text": string}`. */
export const textType = "text";

export function textContent(text: string): string {
  return JSON.stringify({ text });
}

/** The text to show for a message to who knows of texts alone; of a content that has none, the content as it is. */
export function readText(message: { type: string; content: string }): string {
  const { text } = JSON.parse(message.content) as { text?: unknown };
  if (typeof text === "string") return text;
  // Of a message that was recalled nothing is left.
  return message.type === textType ? "" : message.content;
}
