/** What a notification says of a message that came without words for it. */

/** Null: nobody is notified of this one. */
type Say = (content: Record<string, unknown>) => string | null;

const field =
  (name: string): Say =>
  (content) => {
    const text = content[name];
    return typeof text === "string" && text !== "" ? text : null;
  };

const always =
  (text: string): Say =>
  () =>
    text;

const named =
  (text: string, name: string): Say =>
  (content) => {
    const said = field(name)(content);
    return said === null ? text : `${text} ${said}`;
  };

/** By type; one that is absent needs words of the sender's: types of the app's own, and what tells clients to do something. */
const sayings: Record<string, Say> = {
  text: field("text"),
  image: always("[image]"),
  gif: always("[image]"),
  voice: always("[voice]"),
  voiceInline: always("[voice]"),
  file: named("[file]", "name"),
  video: always("[video]"),
  location: named("[location]", "name"),
  card: named("[link]", "title"),
  quote: field("text"),
  combine: always("[chat history]"),
  stream: field("text"),
  contactNotice: field("text"),
};

export const recalledText = "[recalled a message]";

/** Whether messages of this type are notified of without words of the sender's. */
export const hasDefaultText = (type: string): boolean => Object.hasOwn(sayings, type);

/** `content` is JSON text of an object. Null: there is nothing to say. */
export function defaultText(type: string, content: string): string | null {
  if (!hasDefaultText(type)) return null;
  try {
    const parsed: unknown = JSON.parse(content);
    const isObject = typeof parsed === "object" && parsed !== null;
    return sayings[type]?.(isObject ? (parsed as Record<string, unknown>) : {}) ?? null;
  } catch {
    return null;
  }
}
