import type { Locator, Page } from "playwright-core";

/** For anything to appear on the page; ms. */
const patience = 40_000;

/** A person with the demo open: what they do on the page, and what they wait for. */
export class Person {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async arrive(page: Page, url: string, name: string): Promise<Person> {
    page.context().setDefaultTimeout(patience);
    await page.goto(`${url}/demo/i2a`);
    const button = page.getByRole("button", { name: `I am ${name}` });
    const field = page.getByLabel("Or any other name");
    await page.locator("#suggestions button").first().waitFor();
    if (await button.isVisible()) await button.click();
    else {
      await field.fill(name);
      await page.getByRole("button", { name: "Sign in" }).click();
    }
    const person = new Person(page);
    await person.isConnected();
    return person;
  }

  isConnected = () => this.page.locator("#connection[data-state=connected]").waitFor({ state: "attached" });
  loseConnection = () => this.page.locator("#connection[data-state=waiting]").waitFor({ state: "attached" });

  room(name: string): Locator {
    return this.page.locator("#rooms a").filter({ has: this.page.locator("strong", { hasText: name }) });
  }

  async enter(name: string): Promise<void> {
    await this.room(name).click();
    await this.page.locator("#room-name", { hasText: name }).waitFor();
    await this.page.locator("#messages li").first().waitFor();
  }

  async say(...texts: string[]): Promise<void> {
    for (const text of texts) {
      await this.page.locator("#text").fill(text);
      await this.page.locator("#send").click();
    }
  }

  /** Bubbles with exactly this text that are stored, not on their way. */
  stored(text: string): Locator {
    return this.page
      .locator("#messages .message[data-id] .words")
      .filter({ hasText: new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) });
  }

  sees = (text: string) => this.stored(text).first().waitFor();

  /** Texts of the log in order, all of them stored. */
  async texts(): Promise<string[]> {
    await this.page.locator("#messages .message:not([data-id])").first().waitFor({ state: "detached" });
    return this.page.locator("#messages .message[data-id] .words").allTextContents();
  }

  leave = () => this.page.context().close();
}
