import { expect } from "bun:test";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { collectComplaints } from "./browser.ts";

/** For anything to appear on the page; ms. */
const patience = 30_000;

/** Somebody with the demo open: what they do on the page, and what they wait for. */
export class Visitor {
  readonly page: Page;
  readonly complaints: string[];

  private constructor(page: Page) {
    this.page = page;
    this.complaints = collectComplaints(page);
  }

  /** In a browser of their own, with no page in it yet. */
  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: "en-GB",
      ...options,
    });
    context.setDefaultTimeout(patience);
    return new Visitor(await context.newPage());
  }

  static async arrive(browser: Browser, url: string, name: string, options: BrowserContextOptions = {}) {
    const visitor = await Visitor.open(browser, options);
    await visitor.signIn(url, name);
    return visitor;
  }

  /** A second tab of the same browser: another device. */
  async openTab(url: string, name: string): Promise<Visitor> {
    const visitor = new Visitor(await this.page.context().newPage());
    await visitor.signIn(url, name);
    return visitor;
  }

  async signIn(url: string, name: string): Promise<void> {
    await this.page.goto(`${url}/demo`);
    await this.page.locator("#name").fill(name);
    await this.page.locator("form .primary").click();
    await this.isOnline();
  }

  isOnline = () => this.page.locator(".status[data-status=online]").waitFor({ state: "attached" });
  isStopped = () => this.page.locator(".status[data-status=stopped]").waitFor({ state: "attached" });

  /** A line of the conversation list. */
  item = (name: string): Locator =>
    this.page.locator(".conversations a").filter({ has: this.page.locator("strong", { hasText: name }) });

  async enter(name: string): Promise<void> {
    await this.item(name).click();
    await this.page.locator("h1", { hasText: name }).waitFor();
  }

  /** A line of the list of chatrooms. */
  chatroom = (name: string): Locator =>
    this.page.locator(".chatrooms a").filter({ has: this.page.locator("strong", { hasText: name }) });

  async enterChatroom(name: string): Promise<void> {
    await this.chatroom(name).click();
    await this.page.locator("h1", { hasText: name }).waitFor();
    await this.page.locator(".chatroom-log").waitFor();
  }

  field = (): Locator => this.page.getByRole("textbox", { name: "Message" });

  async say(...texts: string[]): Promise<void> {
    for (const text of texts) {
      await this.field().fill(text);
      await this.field().press("Enter");
    }
  }

  /** Messages with exactly this text that are stored, not on their way. */
  stored = (text: string): Locator =>
    this.page
      .locator(".message[data-sent-at]")
      .filter({ has: this.page.locator(".words", { hasText: exactly(text) }) });

  sees = (text: string) => this.stored(text).first().waitFor();

  /** Texts of the log in order, once none is on its way. */
  async texts(): Promise<string[]> {
    await this.page.locator(".message.pending").first().waitFor({ state: "detached" });
    return this.page.locator(".message .words").allTextContents();
  }

  /** Opens what can be done with a message, and does it. */
  async act(text: string, action: string): Promise<void> {
    const message = this.stored(text).first();
    await message.hover();
    await message.locator(".menu-button").click();
    await this.page.locator("dialog").getByRole("button", { name: action, exact: true }).click();
    await this.page.locator("dialog").waitFor({ state: "detached" });
  }

  press = (name: string) => this.page.getByRole("button", { name, exact: true }).click();

  async leave(): Promise<void> {
    await this.page.context().close();
    expect(this.complaints).toEqual([]);
  }
}

const exactly = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
