/** What stands in a chatroom's log, line by line. */

import type { ShownMessage } from "@parlance/client";
import { continues } from "../log/continues.ts";
import { isSameDay } from "../times.ts";
import type { Notice } from "./visit.ts";

export type Line =
  | { kind: "day"; at: number }
  | { kind: "message"; message: ShownMessage; isFirst: boolean }
  | { kind: "notice"; notice: Notice };

/** Notices behind the message they came after, all of them before what is not stored yet. */
export function linesOf(messages: readonly ShownMessage[], notices: readonly Notice[]): Line[] {
  const lines: Line[] = [];
  let [before, at]: [ShownMessage | undefined, number] = [undefined, 0];
  const addNotices = (upTo: number): void => {
    for (let notice = notices[at]; notice && notice.afterSeq < upTo; notice = notices[++at]) {
      lines.push({ kind: "notice", notice });
      before = undefined;
    }
  };
  let day = 0;
  for (const message of messages) {
    addNotices(message.seq > 0 ? message.seq : Number.POSITIVE_INFINITY);
    if (day === 0 || !isSameDay(day, message.sentAt)) {
      lines.push({ kind: "day", at: message.sentAt });
      before = undefined;
    }
    day = message.sentAt;
    lines.push({ kind: "message", message, isFirst: !before || !continues(before, message) });
    before = message;
  }
  addNotices(Number.POSITIVE_INFINITY);
  return lines;
}
