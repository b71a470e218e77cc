import { Icon } from "./icons.tsx";

const hues = 12;

/** The same colour for the same id everywhere. */
const hueOf = (id: string): number => {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % hues;
};

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();

export function Avatar({
  id,
  name,
  icon,
}: {
  id: string;
  name: string;
  icon?: "group" | "door" | undefined;
}) {
  return (
    <span className={`avatar hue-${hueOf(id)}`} aria-hidden="true">
      {icon ? <Icon name={icon} /> : initialsOf(name)}
    </span>
  );
}
