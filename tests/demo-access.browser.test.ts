/** The demo for those who use no mouse, and for those who hear it: keys, focus, roles, names, and what is read out. */

import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../packages/server/src/testing/until.ts";
import { type DemoServer, startDemoServer } from "./demo-server.ts";
import { Visitor } from "./demo-visitor.ts";

setDefaultTimeout(120_000);

let server: DemoServer;
let bob: Visitor;
const visitors: Visitor[] = [];

const arrive = async (name: string): Promise<Visitor> => {
  const visitor = await Visitor.arrive(server.browser, server.url, name);
  visitors.push(visitor);
  return visitor;
};

beforeAll(async () => {
  server = await startDemoServer();
  bob = await Visitor.arrive(server.browser, server.url, "Bob");
  await bob.enter("Welcome");
});

afterEach(async () => {
  for (const visitor of visitors.splice(0)) await visitor.leave();
});

afterAll(async () => {
  await bob?.leave();
  await server?.stop();
});

/** Role and name of what has the focus, as Playwright's locators find them. */
const focused = (
  visitor: Visitor,
  role: "button" | "textbox" | "region" | "link" | "checkbox",
  name: string,
) => visitor.page.getByRole(role, { name, exact: true }).and(visitor.page.locator(":focus")).waitFor();

/** Tab until it is reached: everything on the way has its place in the order. */
const tabTo = async (visitor: Visitor, selector: string, key = "Tab") => {
  for (let presses = 0; presses < 40; presses++) {
    await visitor.page.keyboard.press(key);
    if (await visitor.page.locator(selector).and(visitor.page.locator(":focus")).count()) return;
  }
  throw new Error(`${key} does not lead to ${selector}`);
};

test("everything is done by keys alone, from the name to the message's menu", async () => {
  const ann = await Visitor.open(server.browser);
  visitors.push(ann);
  const { keyboard } = ann.page;
  await ann.page.goto(`${server.url}/demo`);
  await ann.page.getByRole("button", { name: "I am Ann" }).waitFor();
  await tabTo(ann, "#name");
  await keyboard.type("Ann");
  await keyboard.press("Enter");
  await ann.isOnline();

  await ann.item("Welcome").waitFor();
  await tabTo(ann, ".conversations a:has-text('Welcome')");
  await keyboard.press("Enter");
  await ann.page.locator("h1:focus", { hasText: "Welcome" }).waitFor();
  await tabTo(ann, ".log");
  await focused(ann, "region", "Messages");
  await tabTo(ann, "textarea");
  for (const text of ["by key 1", "by key 2", "by key 3"]) {
    await keyboard.type(text);
    await keyboard.press("Enter");
    await ann.sees(text);
  }
  await bob.sees("by key 3");

  await tabTo(ann, ".menu-button", "Shift+Tab");
  await focused(ann, "button", "What to do with this message");
  await keyboard.press("ArrowUp");
  await keyboard.press("Enter");
  const menu = ann.page.getByRole("dialog", { name: "What to do with this message" });
  await menu.getByText("by key 2").waitFor();
  await keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
  await ann.stored("by key 2").locator(".menu-button:focus").waitFor();

  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await menu.getByText("by key 3").waitFor();
  await tabTo(ann, "dialog button:has-text('Quote')");
  await keyboard.press("Enter");
  await focused(ann, "textbox", "Message");
  await ann.page.getByText("Quoting").waitFor();
  await keyboard.press("Escape");
  await ann.page.getByText("Quoting").waitFor({ state: "detached" });

  await tabTo(ann, "button[title='New conversation']", "Shift+Tab");
  await keyboard.press("Enter");
  const dialog = ann.page.getByRole("dialog", { name: "New conversation" });
  await dialog.getByRole("checkbox", { name: "Bob" }).waitFor();
  await tabTo(ann, "dialog input[type=checkbox]");
  await keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await focused(ann, "button", "New conversation");
});

test("one Tab passes all messages", async () => {
  const cleo = await arrive("Cleo");
  await cleo.enter("Welcome");
  await cleo.say(...Array.from({ length: 12 }, (_, index) => `cleo ${index}`));
  await cleo.sees("cleo 11");
  await cleo.texts();
  await cleo.page.locator(".log").focus();
  await cleo.page.keyboard.press("Tab");
  await cleo.stored("cleo 11").locator(".menu-button:focus").waitFor();
  await tabTo(cleo, "textarea");
  expect(await cleo.page.locator(".menu-button[tabindex='-1']").count()).toBeGreaterThan(10);
});

test("all there is has its role and its name", async () => {
  const dora = await arrive("Dora");
  const { page } = dora;
  await page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: /Lunch/ }).click();
  await page.getByRole("main").getByRole("heading", { level: 1, name: "Lunch" }).waitFor();
  await page.getByRole("region", { name: "Messages" }).waitFor();
  await page.getByRole("status").filter({ hasText: "Online" }).waitFor();
  await page.getByRole("textbox", { name: "Message" }).fill("named");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const message = page
    .getByRole("region", { name: "Messages" })
    .getByRole("listitem")
    .filter({ hasText: "named" });
  await message.getByText("You", { exact: true }).waitFor({ state: "attached" });
  await dora.sees("named");
  await dora.act("named", "Like");
  await message.getByRole("button", { name: "Like: 1 person", pressed: true }).waitFor();
  await page.getByRole("button", { name: "Airplane mode", pressed: false }).click();
  await page.getByRole("button", { name: "Airplane mode", pressed: true }).waitFor();
  await page.getByRole("status").filter({ hasText: "what you write is kept" }).waitFor();
  for (const button of await page.getByRole("button").all())
    expect(await button.evaluate(nameOf)).not.toBe("");
});

test("what others write now is read out, each once; what one writes, and history, is not", async () => {
  await bob.say("before Eva came");
  await bob.sees("before Eva came");
  const eva = await arrive("Eva");
  await eva.enter("Welcome");
  await eva.sees("before Eva came");
  await eva.page.evaluate(hearAll);
  await eva.say("my own");
  await eva.sees("my own");
  await bob.say("ding", "ding", "dong");
  const heard = (): Promise<string[]> => eva.page.evaluate(whatWasHeard);
  await until("the last was read out", async () => (await heard()).includes("Bob: dong"));
  expect(await heard()).toEqual(["Bob: ding", "Bob: ding", "Bob: dong"]);
});

/** Runs on the page. */
// biome-ignore lint/suspicious/noExplicitAny: the browser's own, whose types are not those of this program
const nameOf = (button: any): string => button.getAttribute("aria-label") ?? button.textContent.trim();

/** Runs on the page: notes what a screen reader reads out, which is what is added to a live region or changes in it. */
function hearAll(): void {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const page = globalThis as any;
  page.heard = [];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const note = (changes: any[]) => {
    for (const { addedNodes, target, type } of changes)
      for (const node of type === "characterData" ? [target] : addedNodes) page.heard.push(node.textContent);
  };
  const parts = { childList: true, characterData: true, subtree: true };
  new page.MutationObserver(note).observe(page.document.querySelector("[role=log]"), parts);
}

/** Runs on the page. */
// biome-ignore lint/suspicious/noExplicitAny: as above
const whatWasHeard = (): string[] => (globalThis as any).heard;
