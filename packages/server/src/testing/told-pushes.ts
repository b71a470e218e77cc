/** What the log provider wrote on the nodes of an installation: the notifications that would have been sent. Imported by tests only. */

import type { RecordedPush } from "../adapters/push-log/log-provider.ts";
import { until } from "./until.ts";

export interface ToldPushes {
  /** All of these users so far, in no order: each node decides for itself. */
  of(...userIds: string[]): RecordedPush[];
  /** Waits for one of the user's that says this, and resolves to it. */
  saying(userId: string, text: string): Promise<RecordedPush>;
}

export function toldPushes(lines: () => readonly string[]): ToldPushes {
  const of = (...userIds: string[]): RecordedPush[] =>
    lines()
      .filter((line) => line.includes('"event":"notification"'))
      .map((line) => JSON.parse(line).push as RecordedPush)
      .filter(({ userId }) => userIds.includes(userId));
  return {
    of,
    async saying(userId, text) {
      const find = () => of(userId).find((push) => push.text === text);
      await until(`${userId} is told ${text}`, () => find() !== undefined);
      return find() as RecordedPush;
    },
  };
}
