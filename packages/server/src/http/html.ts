/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const toText = (part: unknown): string => {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(toText).join("");
  return String(part ?? "").replace(/[&<>"]/g, (char) => entities[char] ?? char);
};

/** Escapes what is put into it, except what is HTML already. */
export const html = (strings: TemplateStringsArray, ...parts: unknown[]): Html =>
  new Html(strings.reduce((text, string, index) => text + toText(parts[index - 1]) + string));
