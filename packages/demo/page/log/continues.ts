import type { ShownMessage } from "@parlance/client";

/** Messages of one author that follow each other so soon stand together; microseconds. */
const together = 5 * 60 * 1_000_000;

/** Whether a message stands together with the one before it. */
export const continues = (before: ShownMessage, message: ShownMessage): boolean =>
  before.from === message.from && before.state === undefined && message.sentAt - before.sentAt <= together;
