/** What is left to do when the last test of a process is over; bunfig.toml loads this before the first. */

import { afterAll } from "bun:test";
import { startPatience } from "./until.ts";

const ends: (() => Promise<unknown>)[] = [];

export const atEnd = (end: () => Promise<unknown>): void => void ends.push(end);

afterAll(async () => {
  for (const end of ends.splice(0)) await end();
}, startPatience);
