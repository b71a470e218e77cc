/** A long history in the demo: read from end to beginning and back, with a bounded number of messages on the page. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type DemoServer, startDemoServer } from "./demo-server.ts";
import { Visitor } from "./demo-visitor.ts";
import { callDemo, DemoWriter } from "./demo-writer.ts";

setDefaultTimeout(120_000);
const count = 20_000;
/** So far it is scrolled by hand, from either end: several times what the page holds. */
const far = 1_200;
/** What the page may hold: the live end and the pages before it. */
const mostHeld = 600;

let server: DemoServer;
let ann: Visitor;

beforeAll(async () => {
  server = await startDemoServer({ PARLANCE_FRAMES_PER_MINUTE: "100000" });
  const { id } = await callDemo(server.url, "people", { name: "Ann" });
  const writer = await DemoWriter.arrive(server.url, "Writer");
  await writer.write({ kind: "direct", id }, 1, count);
  await writer.leave();
  ann = await Visitor.arrive(server.browser, server.url, "Ann");
  await ann.enter("Writer");
  await ann.sees(`line ${count}`);
});

afterAll(async () => {
  await ann?.leave();
  await server?.stop();
});

const lines = async (): Promise<number[]> =>
  (await ann.page.locator(".message .words").allTextContents()).map((text) => Number(text.slice(5)));

const expectStretch = (held: number[]) => {
  const [first = 0] = held;
  expect(held).toEqual(held.map((_, index) => first + index));
  expect(held.length).toBeLessThanOrEqual(mostHeld);
};

/** Scrolls as far as it goes, again and again, until the line is there. */
const scrollTo = async (line: number, end: "top" | "bottom") => {
  const wanted = ann.stored(`line ${line}`);
  while ((await wanted.count()) === 0) {
    const before = JSON.stringify(await lines());
    await ann.page.locator(".log").evaluate((log, end) => {
      log.scrollTop = end === "top" ? 0 : log.scrollHeight;
    }, end);
    await ann.page.waitForFunction(isOther, before);
    expectStretch(await lines());
  }
};

test("is read back and forth at its end, in order and without a gap", async () => {
  await scrollTo(count - far, "top");
  await scrollTo(count, "bottom");
  expectStretch(await lines());
});

test("is read forth and back at its beginning, in order and without a gap", async () => {
  await ann.page.locator(".log").focus();
  await ann.page.keyboard.press("Home");
  await ann.sees("line 1");
  await scrollTo(far, "bottom");
  await scrollTo(1, "top");
  expect((await lines())[0]).toBe(1);
  expectStretch(await lines());
});

test("is crossed by two keys, and goes on being live at its end", async () => {
  const log = ann.page.locator(".log");
  await log.focus();
  await ann.page.keyboard.press("Home");
  await ann.sees("line 1");
  expectStretch(await lines());
  await log.focus();
  await ann.page.keyboard.press("End");
  await ann.sees(`line ${count}`);
  await ann.say(`line ${count + 1}`);
  await ann.sees(`line ${count + 1}`);
  await ann.stored(`line ${count + 1}`).waitFor({ state: "visible" });
  expect(await log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight)).toBeLessThan(40);
});

test("has no gap after somebody left for the end while a page was under way", async () => {
  await scrollTo(count - 350, "top");
  await ann.page.locator(".log").evaluate(askAndLeave);
  await ann.sees(`line ${count}`);
  await scrollTo(count - 350, "top");
});

/** Runs on the page: the next page is asked for in a frame's scroll event, and can't be there in the same frame. */
// biome-ignore lint/suspicious/noExplicitAny: the browser's own, whose types are not those of this program
function askAndLeave(log: any): Promise<void> {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const { requestAnimationFrame, KeyboardEvent } = globalThis as any;
  log.scrollTop = 0;
  return new Promise((done) => {
    requestAnimationFrame(() => {
      log.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }));
      done();
    });
  });
}

/** Runs on the page. */
function isOther(before: string): boolean {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const { document } = globalThis as any;
  const texts = [...document.querySelectorAll(".message .words")].map(({ textContent }) =>
    Number(textContent.slice(5)),
  );
  return JSON.stringify(texts) !== before;
}
