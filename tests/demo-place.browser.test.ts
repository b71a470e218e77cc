/** What somebody reads in the demo stays where it is while pages of history come in above it and below it. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../packages/server/src/testing/until.ts";
import { type DemoServer, startDemoServer } from "./demo-server.ts";
import { Visitor } from "./demo-visitor.ts";
import { callDemo, DemoWriter } from "./demo-writer.ts";

setDefaultTimeout(120_000);
const count = 1_000;
/** Messages of one author that stand together: pages begin and end within them. */
const run = 7;
/** Pixels: rows begin between two of them. */
const tolerance = 2;

let server: DemoServer;
let ann: Visitor;

beforeAll(async () => {
  server = await startDemoServer({ PARLANCE_FRAMES_PER_MINUTE: "100000" });
  ann = await Visitor.arrive(server.browser, server.url, "Ann");
  const writers = [await DemoWriter.arrive(server.url, "Una"), await DemoWriter.arrive(server.url, "Udo")];
  const names = ["Ann", "Una", "Udo"];
  const members = await Promise.all(names.map((name) => callDemo(server.url, "people", { name })));
  const { id } = await callDemo(server.url, "group", {
    name: "Long",
    memberIds: members.map(({ id }) => id),
  });
  for (let from = 1; from <= count; from += run)
    await writers[from % 2]?.write({ kind: "group", id }, from, Math.min(from + run - 1, count));
  for (const writer of writers) await writer.leave();
  await ann.enter("Long");
  await ann.sees(`line ${count}`);
});

afterAll(async () => {
  await ann?.leave();
  await server?.stop();
});

interface Place {
  text: string;
  /** Of its words, on the screen. */
  top: number;
  /** Messages on the page before it and after it. */
  above: number;
  below: number;
}

const log = () => ann.page.locator(".log");

/** Scrolls to that far from an end of what is there, and says what is read now. */
const scrollTo = (end: "top" | "bottom", distance: number): Promise<Place> =>
  log().evaluate(readAfterScrolling, { end, distance });

const placeOf = (text: string): Promise<Place | null> => log().evaluate(findPlace, text);

const staysUntil = async (before: Place, isReached: (now: Place) => boolean) => {
  let now: Place | null = before;
  await until(`there is more around ${before.text}`, async () => {
    now = await placeOf(before.text);
    return now === null || isReached(now);
  });
  expect(now?.text).toBe(before.text);
  expect(Math.abs((now?.top ?? Number.NaN) - before.top)).toBeLessThanOrEqual(tolerance);
};

for (const distance of [0, 1, 300, 1_200])
  test(`stays where it is while older messages come in, ${distance} px below the oldest`, async () => {
    await log().focus();
    await ann.page.keyboard.press("End");
    await ann.sees(`line ${count}`);
    for (let pages = 0; pages < 6; pages++) {
      const before = await scrollTo("top", distance);
      await staysUntil(before, ({ above }) => above >= before.above + 60);
    }
  });

for (const distance of [0, 1, 300, 1_200])
  test(`stays where it is while newer messages come in, ${distance} px above the newest`, async () => {
    await log().focus();
    await ann.page.keyboard.press("Home");
    await ann.sees("line 1");
    for (let pages = 0; pages < 6; pages++) {
      const before = await scrollTo("bottom", distance);
      await staysUntil(before, ({ below }) => below >= before.below + 60);
    }
  });

/** Runs on the page. */
// biome-ignore lint/suspicious/noExplicitAny: the browser's own, whose types are not those of this program
function readAfterScrolling(log: any, { end, distance }: { end: string; distance: number }): Place {
  log.scrollTop = end === "top" ? distance : log.scrollHeight - log.clientHeight - distance;
  const words = [...log.querySelectorAll(".message .words")];
  const edge = log.getBoundingClientRect().top;
  const first = words.findIndex((element) => element.getBoundingClientRect().top >= edge);
  const { top } = words[first].getBoundingClientRect();
  return { text: words[first].textContent, top, above: first, below: words.length - first - 1 };
}

/** Runs on the page. */
// biome-ignore lint/suspicious/noExplicitAny: as above
function findPlace(log: any, text: string): Place | null {
  const words = [...log.querySelectorAll(".message .words")];
  const index = words.findIndex((element) => element.textContent === text);
  if (index === -1) return null;
  const { top } = words[index].getBoundingClientRect();
  return { text, top, above: index, below: words.length - index - 1 };
}
