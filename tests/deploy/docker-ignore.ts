/** Docker's rule for what of a folder is sent to a build: the last pattern that matches a path, or a folder above it. */

const toRegExp = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*\*\/|\*/g, (stars) => (stars === "*" ? "[^/]*" : "(?:.*/)?"))}$`,
  );

/** Whether Docker sends the file at `path`, given the text of a `.dockerignore`. */
export function readDockerIgnore(text: string): (path: string) => boolean {
  const rules = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ isKept: line.startsWith("!"), pattern: toRegExp(line.replace(/^!/, "")) }));
  return (path) => {
    const words = path.split("/");
    const above = words.map((_, index) => words.slice(0, index + 1).join("/"));
    return rules.findLast(({ pattern }) => above.some((name) => pattern.test(name)))?.isKept ?? true;
  };
}
