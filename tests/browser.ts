import { accessSync, constants } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { startPatience } from "../packages/server/src/testing/until.ts";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

/** Nothing a browser does by itself belongs into a test: no updates, no sync, no other network than ours. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Starts the Chromium of this machine. Throws when there is none: a browser test must not pass without a browser. */
export async function launchChromium(): Promise<Browser> {
  const chosen = process.env.PARLANCE_CHROMIUM;
  const executablePath = chosen || places.find(isExecutable);
  if (!executablePath)
    throw new Error("No Chromium here: set PARLANCE_CHROMIUM to one, or install the package chromium.");
  return chromium.launch({ executablePath, args, headless: true, timeout: startPatience });
}

/** Collects what a page complains about: uncaught errors, and what its security policy refused. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    const isPolicy = /Content Security Policy|Trusted/.test(message.text());
    if (isPolicy) complaints.push(message.text());
  });
  return complaints;
}
