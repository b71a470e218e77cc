/** The demo as people meet it: a real server process, a real Chromium, two people, and a kill in the middle. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { collectComplaints, launchChromium } from "./browser.ts";
import { Person } from "./demo-person.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

setDefaultTimeout(120_000);
/** Declared, so that a test can moderate; otherwise nobody knows the demo app's secret. */
const appSecret = "secret-of-the-demo";

let browser: Browser;
let folder: string;
let url: string;
let server: ServerProcess;
const complaints: string[][] = [];

const startServer = async () => {
  const { port } = new URL(url);
  server = await startServerProcess(
    url,
    {
      PARLANCE_DATA: folder,
      PORT: port,
      PARLANCE_HOST: "127.0.0.1",
      PARLANCE_APPS: `Demo:demo:${appSecret}`,
    },
    ["--demo"],
  );
};

/** A person with a browser of their own, signed in. */
const arrive = async (name: string, options: BrowserContextOptions = {}): Promise<Person> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  complaints.push(collectComplaints(page));
  return Person.arrive(page, url, name);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parlance-demo-"));
  url = `http://127.0.0.1:${await freePort()}`;
  browser = await launchChromium();
  await startServer();
});

afterAll(async () => {
  await browser?.close();
  server?.process.kill("SIGKILL");
  await server?.exited;
  rmSync(folder, { recursive: true, force: true });
});

describe("two people", () => {
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    [ann, bob] = await Promise.all([arrive("Ann"), arrive("Bob")]);
    await Promise.all([ann.enter("Welcome"), bob.enter("Welcome")]);
  });

  afterAll(() => Promise.all([ann?.leave(), bob?.leave()]));

  test("write to each other, and see what the other has read", async () => {
    await ann.say("Hello Bob");
    await bob.sees("Hello Bob");
    const readMark = ann.page.locator("#messages .read-by");
    await ann.page.locator(".message:has-text('Hello Bob') + .read-by").waitFor();
    expect(await readMark.allTextContents()).toEqual(["Read by Bob"]);

    await bob.say("Hello Ann");
    await ann.sees("Hello Ann");
    await bob.page.locator(".message:has-text('Hello Ann') + .read-by").waitFor();
    expect(await bob.page.locator("#messages .read-by").allTextContents()).toEqual(["Read by Ann"]);

    await ann.say("How are you?");
    await ann.page.locator(".message:has-text('How are you?') + .read-by").waitFor();
    expect(await readMark.allTextContents()).toEqual(["Read by Bob"]);
    expect((await ann.texts()).slice(-3)).toEqual(["Hello Bob", "Hello Ann", "How are you?"]);
    expect((await bob.texts()).slice(-3)).toEqual(["Hello Bob", "Hello Ann", "How are you?"]);
  });

  test("count what is unread while the room is closed", async () => {
    await bob.enter("Town square");
    await ann.say("one", "two", "three");
    await ann.sees("three");
    const badge = bob.room("Welcome").locator(".badge");
    await badge.filter({ hasText: /^3$/ }).waitFor();
    expect(await bob.page.title()).toStartWith("(3)");
    // The server counts the same as the page did.
    await bob.page.reload();
    await badge.filter({ hasText: /^3$/ }).waitFor();
    await bob.enter("Welcome");
    await bob.sees("three");
    await badge.waitFor({ state: "hidden" });
    await ann.page.locator(".message:has-text('three') + .read-by").waitFor();
  });

  test("find the history after a reload", async () => {
    const before = await ann.texts();
    expect(before.length).toBeGreaterThanOrEqual(6);
    await ann.page.reload();
    await ann.sees("three");
    expect(await ann.texts()).toEqual(before);
  });

  test("see hostile text as text", async () => {
    const hostile = [
      "<img src=x onerror=alert(1)>",
      "</span><script>alert(2)</script>",
      "👩🏽‍🚀🏳️‍🌈 e\u0301 \u{1F469}\u200D\u{1F52C}",
      "مرحبا \u202Eabc שלום",
      "line one\nline two",
      "W".repeat(5_000),
    ];
    await ann.say(...hostile);
    const bubbles = bob.page.locator("#messages .message[data-id] .words");
    await bubbles.filter({ hasText: "WWWW" }).waitFor();
    expect((await bob.texts()).slice(-hostile.length)).toEqual(hostile);
    expect(await bob.page.locator("#messages img, #messages script").count()).toBe(0);
    const width = await bob.page.locator("#log").evaluate((log) => log.scrollWidth - log.clientWidth);
    expect(width).toBe(0);
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "go on after the server got %s, with nothing lost or doubled",
    async (signal) => {
      const before = await ann.texts();
      server.process.kill(signal);
      await server.exited;
      await Promise.all([ann.loseConnection(), bob.loseConnection()]);
      await ann.say(`${signal}: while it was down 1`, `${signal}: while it was down 2`);
      await bob.say(`${signal}: while it was down 3`);
      expect(await ann.page.locator("#messages .message.pending").count()).toBe(2);
      await startServer();
      await Promise.all([ann.isConnected(), bob.isConnected()]);
      await Promise.all([
        ann.sees(`${signal}: while it was down 3`),
        bob.sees(`${signal}: while it was down 2`),
      ]);
      await ann.say(`${signal}: after it came back`);
      await bob.sees(`${signal}: after it came back`);
      const [left, right] = [await ann.texts(), await bob.texts()];
      expect(left).toEqual(right);
      expect(left.slice(0, before.length)).toEqual(before);
      expect(left.slice(before.length).sort()).toEqual([
        `${signal}: after it came back`,
        `${signal}: while it was down 1`,
        `${signal}: while it was down 2`,
        `${signal}: while it was down 3`,
      ]);
      expect(left.indexOf(`${signal}: while it was down 1`)).toBeLessThan(
        left.indexOf(`${signal}: while it was down 2`),
      );
    },
  );

  test("lose nothing when the server is killed while messages are on their way", async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `on the way ${index + 1}`);
    await ann.say(...texts.slice(0, 6));
    server.process.kill("SIGKILL");
    await ann.say(...texts.slice(6));
    await server.exited;
    await startServer();
    await bob.sees(texts.at(-1) ?? "");
    await ann.sees(texts.at(-1) ?? "");
    const isOurs = (text: string) => text.startsWith("on the way");
    expect((await ann.texts()).filter(isOurs)).toEqual(texts);
    expect((await bob.texts()).filter(isOurs)).toEqual(texts);
  });

  test("do not double what was stored when its echo was lost with the line", async () => {
    let isDeaf = false;
    const cut = Promise.withResolvers<() => Promise<void>>();
    await ann.page.routeWebSocket(/\/socket\//, (line) => {
      const far = line.connectToServer();
      line.onMessage((frame) => far.send(frame));
      far.onMessage((frame) => {
        if (!isDeaf) line.send(frame);
      });
      cut.resolve(() => line.close({ code: 4999 }));
    });
    await ann.page.reload();
    await ann.sees("on the way 12");
    await ann.page.locator("#line").waitFor({ state: "hidden" });
    // From here on frames still go out, and nothing comes back until the line is cut.
    isDeaf = true;
    const texts = ["echo lost 1", "echo lost 2", "echo lost 1"];
    await ann.say(...texts);
    await bob.stored("echo lost 1").nth(1).waitFor();
    expect(await ann.page.locator("#messages .message.pending").count()).toBe(3);
    isDeaf = false;
    await (await cut.promise)();
    await ann.stored("echo lost 1").nth(1).waitFor();
    await ann.say("heard again");
    await bob.sees("heard again");
    for (const person of [ann, bob]) {
      const seen = await person.texts();
      expect(seen.slice(seen.indexOf("echo lost 1"))).toEqual([...texts, "heard again"]);
    }
  });

  test("write offline, and it is sent once the line is back", async () => {
    await ann.page.context().setOffline(true);
    await ann.loseConnection();
    await ann.say("from the plane");
    await bob.say("to the plane");
    await bob.sees("to the plane");
    expect(await ann.stored("to the plane").count()).toBe(0);
    await ann.page.context().setOffline(false);
    await ann.sees("to the plane");
    await ann.sees("from the plane");
    await bob.sees("from the plane");
    expect(await bob.stored("from the plane").count()).toBe(1);
    expect(await ann.texts()).toEqual(await bob.texts());
  });

  test("page back through a long history without losing their place", async () => {
    await bob.enter("Town square");
    const texts = Array.from({ length: 95 }, (_, index) => `line ${index + 1}`);
    await bob.say(...texts);
    await bob.sees("line 95");
    await bob.page.reload();
    await bob.sees("line 95");
    const first = bob.stored("line 1");
    expect(await first.count()).toBe(0);
    const log = bob.page.locator("#log");
    // Each time the beginning comes near, older lines come in above, and what is read stays where it is.
    while ((await first.count()) === 0) {
      const top = bob.page.locator("#messages .message").first().locator(".words");
      const text = (await top.textContent()) ?? "";
      const before = await log.evaluate((log) => {
        log.scrollTop = 0;
        return log.querySelector(".message .words").getBoundingClientRect().top;
      });
      await top.filter({ hasText: new RegExp(`^${text}$`) }).waitFor({ state: "detached" });
      const after = (await bob.stored(text).boundingBox())?.y ?? Number.NaN;
      // A day's name or an author's may go from above it.
      expect(Math.abs(after - before)).toBeLessThan(60);
    }
    expect(await bob.texts()).toEqual(texts);
  });
});

test("a message that moderation hides goes from the screens, and comes back when it is shown again", async () => {
  const [ann, bob] = await Promise.all([arrive("Ann"), arrive("Bob")]);
  await Promise.all([ann.enter("Welcome"), bob.enter("Welcome")]);
  await ann.say("rather rude");
  await bob.sees("rather rude");
  const item = bob.page.locator("#messages .message", { hasText: "rather rude" });
  const id = await item.getAttribute("data-id");
  const setActive = async (isActive: boolean) => {
    const { status } = await fetch(`${url}/server-to-server/v1/chat-message/${id}/set-active/`, {
      method: "POST",
      headers: { "x-application-secret": appSecret },
      body: new URLSearchParams({ is_active: String(isActive) }),
    });
    expect(status).toBe(200);
  };
  await setActive(false);
  await Promise.all([ann, bob].map((person) => person.stored("rather rude").waitFor({ state: "detached" })));
  await setActive(true);
  await Promise.all([ann.sees("rather rude"), bob.sees("rather rude")]);
  await Promise.all([ann.leave(), bob.leave()]);
});

describe("rooms", () => {
  test("are made, renamed, announced in, left and deleted by way of the back end", async () => {
    const [ann, cy] = await Promise.all([arrive("Ann"), arrive("Cy")]);
    await ann.page.getByRole("button", { name: "New room" }).click();
    await ann.page.getByLabel("Name", { exact: true }).fill("Lunch");
    await ann.page.getByLabel("People, by name").fill("Nobody here");
    await ann.page.getByRole("button", { name: "Create" }).click();
    await ann.page.getByText("Nobody called “Nobody here” has signed in here yet.").waitFor();
    await ann.page.getByLabel("People, by name").fill("cy, Bob");
    await ann.page.getByRole("button", { name: "Create" }).click();
    await ann.page.locator("#room-name", { hasText: "Lunch" }).waitFor();
    await cy.enter("Lunch");
    await cy.say("Soup?");
    await ann.sees("Soup?");

    await ann.page.getByRole("button", { name: "Room details" }).click();
    await ann.page.getByLabel("Text of the announcement").fill("The kitchen closes at two.");
    await ann.page.getByRole("button", { name: "Announce" }).click();
    await cy.page.locator("#messages .system", { hasText: "The kitchen closes at two." }).waitFor();
    await ann.page.getByLabel("New name of the room").fill("Supper");
    await ann.page.getByRole("button", { name: "Rename" }).click();
    await cy.page.locator("#room-name", { hasText: "Supper" }).waitFor();
    await ann.page.getByRole("button", { name: "Remove Bob" }).click();
    await cy.page.locator("#room-people", { hasText: /^Ann, Cy$/ }).waitFor();
    await ann.page.getByRole("button", { name: "Close" }).click();

    await ann.stored("Soup?").hover();
    await ann.page.getByRole("button", { name: "Report this message by Cy" }).click();
    await ann.page.getByRole("button", { name: "Report", exact: true }).click();
    await ann.page.getByText("The message was reported.").waitFor();

    await ann.page.getByRole("button", { name: "Room details" }).click();
    await ann.page.getByRole("button", { name: "Delete room" }).click();
    await ann.page.getByRole("button", { name: "Delete it for everyone?" }).click();
    await ann.room("Supper").waitFor({ state: "detached" });
    await cy.room("Supper").waitFor({ state: "detached" });
    await Promise.all([ann.leave(), cy.leave()]);
  });

  test("open to everyone are joined", async () => {
    const dee = await arrive("Dee");
    await dee.page.getByRole("button", { name: "Join Town square" }).click();
    await dee.page.locator("#room-name", { hasText: "Town square" }).waitFor();
    await dee.say("Good day, everyone");
    await dee.sees("Good day, everyone");
    await dee.leave();
  });
});

describe("on a phone", () => {
  test("one thing at a time fills a narrow screen", async () => {
    const eve = await arrive("Eve", {
      viewport: { width: 360, height: 640 },
      isMobile: true,
      hasTouch: true,
    });
    const { page } = eve;
    expect(await page.locator("#conversation").isVisible()).toBe(false);
    await eve.room("Welcome").tap();
    await page.locator("#room-name", { hasText: "Welcome" }).waitFor();
    expect(await page.locator("#rooms").isVisible()).toBe(false);
    await page.locator("#text").fill("Hello from a phone");
    await page.locator("#send").tap();
    await eve.sees("Hello from a phone");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    const send = await page.locator("#send").boundingBox();
    expect((send?.x ?? 0) + (send?.width ?? 0)).toBeLessThanOrEqual(360);
    expect((send?.y ?? 0) + (send?.height ?? 0)).toBeLessThanOrEqual(640);
    await page.getByRole("button", { name: "Back to rooms" }).tap();
    await eve.room("Welcome").waitFor();
    expect(await page.locator("#conversation").isVisible()).toBe(false);
    await eve.leave();
  });
});

test("the same tab copied: the newer one goes on, the older one steps aside", async () => {
  const ann = await arrive("Ann");
  const copy = await ann.page.context().newPage();
  await copy.addInitScript({
    content: `for (const [name, value] of ${JSON.stringify(
      await ann.page.evaluate("Object.entries(sessionStorage)"),
    )}) sessionStorage.setItem(name, value);`,
  });
  await copy.goto(`${url}/demo/i2a/`);
  await ann.page.locator("#connection[data-state=replaced]").waitFor({ state: "attached" });
  await ann.page.getByRole("button", { name: "Use it here" }).click();
  await ann.isConnected();
  await copy.locator("#connection[data-state=replaced]").waitFor({ state: "attached" });
  await ann.leave();
});

test("no page ever complained", () => {
  expect(complaints.length).toBeGreaterThanOrEqual(7);
  expect(complaints.flat()).toEqual([]);
});
