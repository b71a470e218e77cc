/** Apps declared in the settings, and what an app's name, key and secret may be wherever a person writes them. */

import { type Setting, WrongValue } from "./setting.ts";

export interface DeclaredApp {
  readonly name: string;
  readonly key: string;
  readonly secret: string;
}

const rules = {
  name: {
    pattern: /^[^\p{Cc},:]{1,100}$/u,
    allowed: "1 to 100 characters without comma, colon or line break",
  },
  key: { pattern: /^[A-Za-z0-9_-]{1,64}$/, allowed: "1 to 64 letters, digits, - or _" },
  secret: {
    pattern: /^[\x21-\x2b\x2d-\x39\x3b-\x7e]{8,128}$/,
    allowed: "8 to 128 printable ASCII characters without space, comma or colon",
  },
} as const;

/** What is wrong with a part of an app, as the end of a sentence ("must be …"); null if nothing is. */
export const wrongAppPart = (part: keyof typeof rules, value: string): string | null =>
  rules[part].pattern.test(value) ? null : `must be ${rules[part].allowed}`;

/** At most this many apps are declared by a setting; more belong into the store. */
const maxApps = 1000;

const parseApp = (text: string, index: number): DeclaredApp => {
  const parts = text.split(":");
  const [name, key, secret] = parts.map((part) => part.trim());
  if (parts.length !== 3 || name === undefined || key === undefined || secret === undefined)
    throw new WrongValue(`entry ${index + 1} must be name:key:secret`);
  const app = { name, key, secret };
  for (const part of ["name", "key", "secret"] as const) {
    const wrong = wrongAppPart(part, app[part]);
    if (wrong) throw new WrongValue(`the ${part} of entry ${index + 1} ${wrong}`);
  }
  return app;
};

const refuseDuplicates = (apps: readonly DeclaredApp[]) => {
  for (const part of ["key", "secret"] as const) {
    const firstAt = new Map<string, number>();
    apps.forEach((app, index) => {
      const first = firstAt.get(app[part]);
      if (first !== undefined)
        throw new WrongValue(
          `entries ${first + 1} and ${index + 1} have the same ${part}; each must have its own`,
        );
      firstAt.set(app[part], index);
    });
  }
};

export const appList = (
  row: Pick<Setting<unknown>, "env" | "sentence">,
): Setting<readonly DeclaredApp[]> => ({
  ...row,
  fallback: [],
  isSecret: true,
  allowed: "name:key:secret[,name:key:secret…]",
  parse: (text) => {
    const entries = text.split(",");
    if (entries.at(-1)?.trim() === "") entries.pop();
    if (entries.length > maxApps) throw new WrongValue(`at most ${maxApps} apps can be declared here`);
    const apps = entries.map(parseApp);
    refuseDuplicates(apps);
    return apps;
  },
});
