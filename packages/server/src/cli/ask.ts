import { createInterface } from "node:readline/promises";

/** False without a terminal to ask on: a script has to say what it means. */
export const askYesNo = async (question: string): Promise<boolean> => {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
};
