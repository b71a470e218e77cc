/**
 * What was said in an app, an hour at a time. Nothing is written beside the store: an hour is read when somebody fetches it,
 * in pages, on whichever node they ask. So it has every message, whatever node it came by, and nothing that was recalled,
 * removed, or past the app's retention by then.
 */

import type { Millis } from "../../ports/store.ts";
import type { LoggedMessage } from "../../ports/store-message-log.ts";
import type { Core } from "../core.ts";
import { hourMillis, keptMillis } from "./hours.ts";

/** Entries that are in memory at once: some 25 MB, should all be of the largest size. */
const entriesAtOnce = 200;
/** Nodes' clocks differ, and what was just sent may still be on its way to the disk. */
const settlesAfter = 10_000;

const spanOf = (beginsAt: Millis) => ({ from: beginsAt * 1000, to: (beginsAt + hourMillis) * 1000 });

/** Whether the app keeps a log of this hour: it is over, not too long ago, and neither switched off nor removed. */
export async function isLogKept(core: Core, beginsAt: Millis, now = Date.now()): Promise<boolean> {
  if (!core.settings.messageLog) return false;
  if (now < beginsAt + hourMillis + settlesAfter || now >= beginsAt + hourMillis + keptMillis) return false;
  return !(await core.store.isLogHourRemoved(beginsAt));
}

/** The messages of an hour by time. */
export async function* readLogHour(core: Core, beginsAt: Millis): AsyncGenerator<LoggedMessage> {
  const { from, to } = spanOf(beginsAt);
  for (let next: number | null = from; next !== null; ) {
    const page = await core.store.listAppMessages({ from: next, to }, entriesAtOnce);
    yield* page.messages;
    next = page.next;
  }
}

/** Whether anything was said in the hour that is still there. */
export async function hasLog(core: Core, beginsAt: Millis, now = Date.now()): Promise<boolean> {
  if (!(await isLogKept(core, beginsAt, now))) return false;
  for await (const _ of readLogHour(core, beginsAt)) return true;
  return false;
}

/** For good: nobody fetches this hour any more. The messages themselves stay. False: there was none. */
export async function removeLog(core: Core, beginsAt: Millis, now = Date.now()): Promise<boolean> {
  if (!(await hasLog(core, beginsAt, now))) return false;
  await core.store.removeLogHour(beginsAt, now - keptMillis - 2 * hourMillis);
  core.log.info({ beginsAt }, "hour of the message log removed");
  return true;
}
