/** The demo's chatrooms, with two and three people in a real Chromium against a real server. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Client, connect } from "../packages/client/src/index.ts";
import { until } from "../packages/server/src/testing/until.ts";
import { type DemoServer, startDemoServer } from "./demo-server.ts";
import { Visitor } from "./demo-visitor.ts";

setDefaultTimeout(120_000);

let server: DemoServer;
const arrive = (name: string, options = {}) => Visitor.arrive(server.browser, server.url, name, options);

beforeAll(async () => {
  server = await startDemoServer({
    PARLANCE_MESSAGE_BYTES: "8192",
    PARLANCE_FRAMES_PER_MINUTE: "10000",
    PARLANCE_CHATROOM_GRACE_SECONDS: "1",
  });
});

afterAll(() => server?.stop());

const counts = (visitor: Visitor, count: string) =>
  visitor.page.locator(".bar .presence", { hasText: count }).waitFor();
/** The latest that says so. */
const notice = (visitor: Visitor, text: string) => visitor.page.locator(".notice", { hasText: text }).last();
const topic = (visitor: Visitor, text: string) =>
  visitor.page.locator(".topic p", { hasText: text }).waitFor();

const setTopic = async (visitor: Visitor, text: string) => {
  await visitor.press("Change the topic");
  await visitor.page.getByRole("textbox", { name: "Topic" }).fill(text);
  await visitor.press("Save");
};

/** Somebody without a page. */
async function signUp(name: string): Promise<Client> {
  const body = JSON.stringify({ name, deviceId: "none" });
  const response = await fetch(`${server.url}/demo/api/session`, { method: "POST", body });
  const { id, token } = (await response.json()) as { id: string; token: string };
  const client = await connect({ url: `${server.url.replace("http", "ws")}/connect`, userId: id, token });
  await until("it is online", () => client.status === "online");
  return client;
}

describe("three people in a chatroom", () => {
  let ann: Visitor;
  let bob: Visitor;
  let cleo: Visitor;

  beforeAll(async () => {
    [ann, bob, cleo] = [await arrive("Ann"), await arrive("Bob"), await arrive("Cleo")];
  });

  afterAll(async () => {
    for (const person of [ann, bob, cleo]) await person?.leave();
  });

  test("see who is there, what is written, and what was written last", async () => {
    await ann.enterChatroom("Lobby");
    await counts(ann, "1 person");
    await ann.say("First");
    await ann.sees("First");
    await bob.enterChatroom("Lobby");
    await bob.sees("First");
    await notice(ann, "Bob came in").waitFor();
    await counts(ann, "2 people");
    await bob.say("Hello Ann");
    await ann.sees("Hello Ann");
    await cleo.enterChatroom("Lobby");
    await cleo.sees("Hello Ann");
    for (const person of [ann, bob, cleo]) await counts(person, "3 people");
    await cleo.say("Hello both");
    for (const person of [ann, bob]) await person.sees("Hello both");
    for (const person of [ann, bob, cleo])
      expect(await person.texts()).toEqual(["First", "Hello Ann", "Hello both"]);
    expect(await notice(bob, "Bob").count()).toBe(0);
  });

  test("share a topic that anybody may change", async () => {
    await setTopic(ann, "Tea");
    for (const person of [ann, bob, cleo]) await topic(person, "Tea");
    await setTopic(bob, "Coffee <b>or</b> tea");
    for (const person of [ann, bob, cleo]) await topic(person, "Coffee <b>or</b> tea");
    await setTopic(cleo, "");
    for (const person of [ann, bob, cleo]) await topic(person, "none yet");
    await setTopic(cleo, "Soup");
    for (const person of [ann, bob, cleo]) await topic(person, "Soup");
  });

  test("give up a change of the topic by a key, and go on from where they began it", async () => {
    await ann.press("Change the topic");
    await ann.page.getByRole("textbox", { name: "Topic" }).fill("Nothing");
    await ann.page.keyboard.press("Escape");
    await topic(ann, "Soup");
    const focused = () => ann.page.locator("button:focus").getAttribute("aria-label");
    await until("the button has the focus", async () => (await focused()) === "Change the topic");
  });

  test("can't change the topic without a connection, and are told why", async () => {
    await ann.press("Airplane mode");
    await ann.isStopped();
    await ann.press("Change the topic");
    await ann.page.locator(".topic .error", { hasText: "Waiting for a connection" }).waitFor();
    const save = ann.page.getByRole("button", { name: "Save" });
    expect(await save.isDisabled()).toBe(true);
    await ann.press("Airplane mode");
    await until("it can be saved", () => save.isEnabled());
    await ann.page.getByRole("textbox", { name: "Topic" }).fill("Soup again");
    await ann.press("Save");
    for (const person of [ann, bob, cleo]) await topic(person, "Soup again");
    await counts(bob, "3 people");
  });

  test("are in while they look at something else, and see what is new", async () => {
    await ann.enter("Welcome");
    await bob.say("Where is Ann?");
    await ann.chatroom("Lobby").locator(".unread", { hasText: "1" }).waitFor();
    await ann.chatroom("Lobby").getByText("You are in · 3 people").waitFor();
    await ann.enterChatroom("Lobby");
    await ann.sees("Where is Ann?");
    await ann.chatroom("Lobby").locator(".unread").waitFor({ state: "detached" });
    await counts(bob, "3 people");
  });

  test("enter again by themselves after airplane mode, with what was written meanwhile", async () => {
    await ann.press("Airplane mode");
    await ann.isStopped();
    await ann.say("from the plane");
    await ann.page.locator(".message.pending").waitFor();
    await notice(bob, "Ann left").waitFor();
    await counts(bob, "2 people");
    await bob.say("to the plane");
    await bob.sees("to the plane");
    await setTopic(bob, "Planes");
    expect(await ann.stored("to the plane").count()).toBe(0);
    await ann.press("Airplane mode");
    await ann.sees("to the plane");
    await topic(ann, "Planes");
    await notice(ann, "You are connected again").waitFor();
    for (const person of [ann, bob, cleo]) {
      await counts(person, "3 people");
      await person.sees("from the plane");
    }
    await bob.say("heard again");
    await ann.sees("heard again");
    const texts = await bob.texts();
    expect(texts.slice(-3)).toEqual(["to the plane", "from the plane", "heard again"]);
    expect(await ann.texts()).toEqual(texts);
  });

  test("are told where something is missing, when more was written meanwhile than entering brings", async () => {
    const writer = await signUp("Writer");
    await ann.press("Airplane mode");
    await ann.isStopped();
    await ann.page.locator(".bar .presence", { hasText: "Waiting for a connection" }).waitFor();
    const room = writer.chatroom(await ann.page.evaluate<string>("location.hash.split('/')[1]"));
    for (let line = 1; line <= 60; line++) await room.send(`line ${line}`);
    await ann.press("Airplane mode");
    await ann.sees("line 60");
    await notice(ann, "So much was written meanwhile").waitFor();
    expect(await ann.stored("line 1").count()).toBe(0);
    await bob.sees("line 60");
    expect(await bob.stored("line 1").count()).toBe(1);
    await counts(ann, "3 people");
    await bob.say("heard after many");
    await ann.sees("heard after many");
    await writer.close();
  });

  test("see in one line that many came, and that many left", async () => {
    const visitors = await Promise.all(["Mia", "Noa", "Oli", "Pia", "Quin"].map(signUp));
    const id = await ann.page.evaluate<string>("location.hash.split('/')[1]");
    for (const visitor of visitors) await visitor.chatroom(id).join();
    await notice(ann, "Mia, Noa, Oli and 2 more came in").waitFor();
    await counts(ann, "8 people");
    for (const visitor of visitors) await visitor.chatroom(id).leave();
    await notice(ann, "Mia, Noa, Oli and 2 more left").waitFor();
    await counts(ann, "3 people");
    for (const visitor of visitors) await visitor.close();
  });

  test("are in again after the page was loaded anew", async () => {
    await cleo.page.reload();
    await cleo.sees("heard after many");
    await counts(cleo, "3 people");
    await bob.say("live after the reload");
    await cleo.sees("live after the reload");
  });

  test("see what was refused, and give it up", async () => {
    await bob.say("W".repeat(9_000));
    await bob.page.locator(".message.failed").waitFor();
    await bob.press("Discard");
    await bob.page.locator(".message.failed").waitFor({ state: "detached" });
  });

  test("leave, and may come back", async () => {
    await cleo.press("Leave");
    await cleo.chatroom("Lobby").getByText("Open to everyone").waitFor();
    await notice(ann, "Cleo left").waitFor();
    await counts(ann, "2 people");
    await cleo.enterChatroom("Lobby");
    await counts(ann, "3 people");
    await counts(cleo, "3 people");
    await cleo.sees("live after the reload");
  });

  test("have several chatrooms, each with its own", async () => {
    await ann.enterChatroom("Music");
    await counts(ann, "1 person");
    await topic(ann, "none yet");
    expect(await ann.texts()).toEqual([]);
    await bob.enterChatroom("Music");
    await bob.say("La");
    await ann.sees("La");
    await cleo.enterChatroom("Lobby");
    expect(await cleo.stored("La").count()).toBe(0);
    await ann.press("Leave");
    await bob.press("Leave");
  });
});

test("who leaves on one device has left on all, and may enter again there", async () => {
  const dan = await arrive("Dan");
  await dan.enterChatroom("Music");
  await counts(dan, "1 person");
  const tablet = await dan.openTab(server.url, "Dan");
  await tablet.enterChatroom("Music");
  await counts(tablet, "1 person");
  await tablet.press("Leave");
  await dan.page.bringToFront();
  await dan.page.getByText("You left this chatroom on another device.").waitFor();
  await dan.press("Enter");
  await counts(dan, "1 person");
  await dan.say("Back");
  await dan.sees("Back");
  await dan.leave();
});

test("a phone in Chinese has the same, and its back button leads to the list", async () => {
  const phone = { viewport: { width: 390, height: 844 }, locale: "zh-CN", hasTouch: true };
  const ivy = await arrive("Ivy", phone);
  await ivy.enterChatroom("Lobby");
  await ivy.page.getByRole("button", { name: "修改话题" }).click();
  await ivy.page.getByRole("textbox", { name: "话题" }).fill("茶");
  await ivy.page.keyboard.press("Enter");
  await topic(ivy, "茶");
  expect(await ivy.page.locator(".sidebar").isVisible()).toBe(false);
  expect(await ivy.page.locator("body").evaluate((body) => body.scrollWidth)).toBe(390);
  await ivy.page.goBack();
  await ivy.chatroom("Lobby").getByText("您已进入").waitFor();
  expect(await ivy.page.locator("body").evaluate((body) => body.scrollWidth)).toBe(390);
  await ivy.enterChatroom("Lobby");
  await ivy.page.getByRole("button", { name: "离开" }).click();
  await ivy.chatroom("Lobby").getByText("对所有人开放").waitFor();
  // A chatroom that was left is no place to come back to.
  await ivy.page.goBack();
  expect(await ivy.page.evaluate<string>("location.hash")).toBe("");
  await ivy.chatroom("Lobby").getByText("对所有人开放").waitFor();
  await ivy.leave();
});

test("an address of no chatroom enters none", async () => {
  const jo = await arrive("Jo");
  await jo.page.evaluate('location.hash = "#chatroom/nowhere"');
  await jo.page.getByText("There is no such chatroom.").waitFor();
  await jo.leave();
});
