/** What two and three people do with the demo, in a real Chromium against a real server. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../packages/server/src/testing/until.ts";
import { type DemoServer, startDemoServer } from "./demo-server.ts";
import { Visitor } from "./demo-visitor.ts";
import { callDemo } from "./demo-writer.ts";

setDefaultTimeout(120_000);

let server: DemoServer;
const secret = "the-back-ends-own";
const arrive = (name: string, options = {}) => Visitor.arrive(server.browser, server.url, name, options);

beforeAll(async () => {
  server = await startDemoServer({
    PARLANCE_MESSAGE_BYTES: "8192",
    PARLANCE_FRAMES_PER_MINUTE: "10000",
    PARLANCE_APPS: `Demo:demo:${secret}`,
  });
});

afterAll(() => server?.stop());

describe("two people", () => {
  let ann: Visitor;
  let bob: Visitor;

  beforeAll(async () => {
    bob = await arrive("Bob");
    ann = await arrive("Ann");
  });

  afterAll(async () => {
    await ann?.leave();
    await bob?.leave();
  });

  test("begin a conversation, and see what is unread, read, typed, and who is there", async () => {
    await ann.press("New conversation");
    await ann.page.getByRole("checkbox", { name: "Bob" }).check();
    await ann.press("Start");
    await ann.page.getByText("Nothing here yet").waitFor();
    await ann.page.locator(".presence", { hasText: "Online" }).waitFor();
    await ann.say("Hello Bob", "It's me");
    await bob.item("Ann").locator(".unread", { hasText: "2" }).waitFor();
    await bob.page.waitForFunction("document.title.startsWith('(2)')");
    await ann.page.locator(".ticks", { hasText: "Sent" }).waitFor();

    await bob.enter("Ann");
    await bob.sees("It's me");
    await bob.item("Ann").locator(".unread").waitFor({ state: "detached" });
    await ann.page.locator(".ticks.is-read", { hasText: "Read" }).waitFor();

    await bob.field().pressSequentially("Hi");
    await ann.page.locator(".typing", { hasText: "Bob is typing" }).waitFor();
    await bob.field().press("Enter");
    await ann.sees("Hi");
    await ann.page.locator(".typing").waitFor({ state: "detached" });
    expect(await ann.texts()).toEqual(["Hello Bob", "It's me", "Hi"]);
    expect(await bob.texts()).toEqual(["Hello Bob", "It's me", "Hi"]);
  });

  test("write in airplane mode, and nothing is lost, doubled or out of order", async () => {
    await ann.press("Airplane mode");
    await ann.isStopped();
    await ann.say("from the plane 1", "from the plane 2");
    expect(await ann.page.locator(".message.pending").count()).toBe(2);
    await bob.say("to the plane");
    await bob.sees("to the plane");
    expect(await ann.stored("to the plane").count()).toBe(0);
    await ann.press("Airplane mode");
    await ann.sees("to the plane");
    await bob.sees("from the plane 2");
    const texts = await ann.texts();
    expect(texts.slice(3)).toEqual(["to the plane", "from the plane 1", "from the plane 2"]);
    expect(await bob.texts()).toEqual(texts);
  });

  test("find what they wrote offline after the page was loaded anew", async () => {
    await ann.press("Airplane mode");
    await ann.isStopped();
    await ann.say("before the reload");
    await ann.page.locator(".message.pending").waitFor();
    await until("the outbox kept it", () => ann.page.evaluate(isOutboxKept));
    await ann.page.reload();
    await ann.sees("before the reload");
    await bob.sees("before the reload");
    expect(await bob.stored("before the reload").count()).toBe(1);
  });

  test("see what was refused, and give it up", async () => {
    await ann.say("W".repeat(9_000));
    await ann.page.locator(".message.failed").waitFor();
    await ann.press("Discard");
    await ann.page.locator(".message.failed").waitFor({ state: "detached" });
  });

  test("see hostile text as text", async () => {
    const hostile = ["<img src=x onerror=alert(1)>", "</span><script>alert(2)</script>", "W".repeat(3_000)];
    await ann.say(...hostile);
    await bob.sees(hostile[2] as string);
    expect((await bob.texts()).slice(-3)).toEqual(hostile);
    expect(await bob.page.locator(".log img, .log script").count()).toBe(0);
    const width = await bob.page.locator(".log").evaluate((log) => log.scrollWidth - log.clientWidth);
    expect(width).toBe(0);
  });
});

describe("three people", () => {
  let people: [Visitor, Visitor, Visitor];

  beforeAll(async () => {
    people = [await arrive("Dan"), await arrive("Eva"), await arrive("Fay")];
    await people[0].enter("Welcome");
    await people[1].enter("Welcome");
  });

  afterAll(async () => {
    for (const person of people ?? []) await person.leave();
  });

  test("call each other by name, and see who has read it", async () => {
    const [dan, eva, fay] = people;
    await dan.field().pressSequentially("Soup, @F");
    await dan.page.locator("[role=option]", { hasText: "Fay" }).waitFor();
    await dan.field().press("Enter");
    await dan.field().pressSequentially("and all?");
    await dan.field().press("Enter");
    await eva.sees("Soup, @Fay and all?");
    await fay.item("Welcome").locator(".mentions").waitFor();
    await dan.page.locator("button.ticks", { hasText: "Read by 1" }).waitFor();
    await fay.enter("Welcome");
    await fay.page.locator("mark.me", { hasText: "@Fay" }).waitFor();
    await dan.page.locator("button.ticks", { hasText: "Read by 2" }).click();
    await dan.page.locator(".readers li").nth(1).waitFor();
    expect((await dan.page.locator(".readers .grow").allTextContents()).sort()).toEqual(["Eva", "Fay"]);
    await dan.page.keyboard.press("Escape");
    await dan.page.locator("dialog").waitFor({ state: "detached" });
  });

  test("quote, react, edit and take back, and everyone sees it", async () => {
    const [dan, eva, fay] = people;
    await eva.act("Soup, @Fay and all?", "Quote");
    await eva.say("Gladly");
    await fay.stored("Gladly").locator("blockquote", { hasText: "Soup, @Fay" }).waitFor();
    await fay.act("Gladly", "Love");
    await dan.act("Gladly", "Love");
    await eva.page.locator(".reactions button", { hasText: "2" }).waitFor();
    await dan.page.locator(".reactions button[aria-pressed=true]").click();
    await eva.page.locator(".reactions button", { hasText: "1" }).waitFor();
    await eva.act("Gladly", "Edit");
    await eva.field().fill("Very gladly");
    await eva.field().press("Enter");
    await dan.stored("Very gladly").locator(".foot em").waitFor();
    await eva.act("Very gladly", "Take back");
    for (const person of [dan, fay]) {
      await person.page.locator(".notice", { hasText: "This message was taken back" }).waitFor();
      expect(await person.stored("Very gladly").count()).toBe(0);
    }
  });

  test("call everyone at once, who all see that they were called", async () => {
    const [dan, eva, fay] = people;
    for (const person of [eva, fay]) await person.enter("Lunch");
    await dan.field().pressSequentially("Soup is ready, @");
    await dan.page.locator("[role=option]", { hasText: "everyone" }).waitFor();
    await dan.field().pressSequentially("every");
    await dan.page.locator("[role=option]").nth(1).waitFor({ state: "detached" });
    await dan.page.locator("[role=option][aria-selected=true]", { hasText: "@everyone" }).waitFor();
    await dan.field().press("Enter");
    await dan.field().press("Enter");
    for (const person of [eva, fay]) {
      await person.item("Welcome").locator(".mentions").waitFor();
      await person.enter("Welcome");
      await person.stored("Soup is ready, @everyone ").locator("mark.me", { hasText: "@everyone" }).waitFor();
      await person.item("Welcome").locator(".mentions").waitFor({ state: "detached" });
    }
    await dan.stored("Soup is ready, @everyone ").locator("mark", { hasText: "@everyone" }).waitFor();
    expect(await dan.item("Welcome").locator(".mentions").count()).toBe(0);
  });

  test("are offered everyone in a group of many people, too", async () => {
    const [dan] = people;
    const visitors = ["Ida", "Jan", "Kim", "Lea"];
    for (const name of visitors) await signUp(name);
    await dan.page.reload();
    await dan.page.locator("h1", { hasText: "Welcome" }).waitFor();
    await dan.field().pressSequentially("@");
    await dan.page.locator("[role=option]").nth(5).waitFor();
    await dan.page.locator("[role=option]", { hasText: "everyone" }).waitFor();
    await dan.field().fill("");
  });

  test("make a group of their own", async () => {
    const [dan, eva, fay] = people;
    await dan.press("New conversation");
    await dan.page.getByRole("checkbox", { name: "Eva" }).check();
    await dan.page.getByRole("checkbox", { name: "Fay" }).check();
    await dan.page.getByLabel("Name of the group").fill("Soup lovers");
    await dan.press("Start");
    await dan.page.locator("h1", { hasText: "Soup lovers" }).waitFor();
    await dan.say("Welcome, both");
    for (const person of [eva, fay]) {
      await person.enter("Soup lovers");
      await person.sees("Welcome, both");
    }
  });

  test("try again what was refused, once it may be said", async () => {
    const [dan, eva, fay] = people;
    await changeMembers("remove", eva, "Eva");
    await eva.item("Soup lovers").waitFor({ state: "detached" });
    await eva.say("to my group");
    await eva.page.getByRole("alert").filter({ hasText: "Not sent" }).waitFor();
    await changeMembers("add", eva, "Eva");
    await eva.press("Try again");
    for (const person of people) await person.sees("to my group");
    await eva.item("Soup lovers").waitFor();
    expect(await fay.texts()).toEqual(await dan.texts());
    expect((await dan.texts()).filter((text) => text === "to my group")).toHaveLength(1);
  });
});

test("two devices of one person show the same", async () => {
  const gus = await arrive("Gus");
  const tablet = await gus.openTab(server.url, "Gus");
  const hal = await arrive("Hal");
  await hal.enter("Lunch");
  await hal.say("Who is hungry?");
  for (const device of [gus, tablet]) await device.item("Lunch").locator(".unread").waitFor();
  await gus.page.bringToFront();
  await gus.enter("Lunch");
  await gus.sees("Who is hungry?");
  await tablet.item("Lunch").locator(".unread").waitFor({ state: "detached" });
  await gus.press("Pin");
  await tablet.item("Lunch").getByText("Pinned").waitFor({ state: "attached" });
  await gus.press("Mute");
  await tablet.item("Lunch").getByText("Muted").waitFor({ state: "attached" });
  await gus.field().fill("I was about to");
  await gus.enter("Welcome");
  await tablet.item("Lunch").getByText("I was about to").waitFor();
  await gus.say("from one");
  await tablet.page.bringToFront();
  await tablet.enter("Welcome");
  await tablet.sees("from one");
  await tablet.say("from the other");
  await gus.sees("from the other");
  expect(await gus.texts()).toEqual(await tablet.texts());
  await hal.leave();
  await gus.leave();
});

test("a phone in Chinese shows one thing at a time, and its back button leads to the list", async () => {
  const ivy = await arrive("Ivy", { viewport: { width: 390, height: 844 }, locale: "zh-CN", hasTouch: true });
  expect(await ivy.page.getAttribute("html", "lang")).toBe("zh");
  await ivy.enter("Lunch");
  await ivy.page.getByRole("textbox", { name: "消息" }).waitFor();
  expect(await ivy.page.locator(".sidebar").isVisible()).toBe(false);
  await ivy.page.goBack();
  await ivy.item("Lunch").waitFor();
  await ivy.page.getByRole("button", { name: "English" }).click();
  await ivy.page.getByRole("button", { name: "New conversation" }).waitFor();
  expect(await ivy.page.locator("body").evaluate((body) => body.scrollWidth)).toBe(390);
  await ivy.leave();
});

/** Somebody who is a member of the groups from then on, without a page. */
async function signUp(name: string): Promise<void> {
  const body = JSON.stringify({ name, deviceId: "none" });
  const { ok } = await fetch(`${server.url}/demo/api/session`, { method: "POST", body });
  expect(ok).toBe(true);
}

/** What the app's back end may do at any time with the group that a visitor has open. */
async function changeMembers(what: "add" | "remove", { page }: Visitor, name: string): Promise<void> {
  const group = decodeURIComponent(new URL(page.url()).hash.slice("#group/".length));
  const { id } = await callDemo(server.url, "people", { name });
  const response = await fetch(`${server.url}/server-to-server/v1/chat-room/${group}:demo/${what}-users/`, {
    method: "POST",
    headers: { "x-application-secret": secret, "content-type": "application/json" },
    body: JSON.stringify({ application_users_identifiers: [id] }),
  });
  expect(response.status).toBe(200);
}

/** Runs on the page: whether some database of its holds a message that waits. */
async function isOutboxKept(): Promise<boolean> {
  // biome-ignore lint/suspicious/noExplicitAny: the browser's own, whose types are not those of this program
  const { indexedDB } = globalThis as any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const resultOf = (request: any): Promise<any> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    const database = await resultOf(indexedDB.open(name));
    const values = await resultOf(database.transaction("values").objectStore("values").getAll());
    database.close();
    if (JSON.stringify(values).includes("before the reload")) return true;
  }
  return false;
}
