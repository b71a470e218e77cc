import { checkSends } from "./check-sends.ts";
import { checkUnread } from "./check-unread.ts";
import { checkViews } from "./check-views.ts";
import type { History, Violation } from "./history.ts";

/** Every promise that this history breaks; none is as it should be. */
export const check = ({ logs, sends, views, unread }: History): Violation[] => [
  ...checkSends(logs, sends),
  ...checkViews(logs, views, sends),
  ...checkUnread(logs, unread),
];
