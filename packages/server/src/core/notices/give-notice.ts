import type { Conversation } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import type { Notice } from "./notice.ts";

/** An event names so many users at most: it travels to other nodes as one piece. */
const mostUsersAnEvent = 500;

/** Tells these users on all of their devices, wherever they are connected. */
export function tellUsers(
  core: Core,
  toUserIds: readonly string[],
  notice: Notice,
  conversation: Conversation | null = null,
): void {
  const at = Date.now();
  for (let from = 0; from < toUserIds.length; from += mostUsersAnEvent)
    core.publish({
      kind: "noticeGiven",
      notice,
      conversation,
      isForAll: false,
      toUserIds: toUserIds.slice(from, from + mostUsersAnEvent),
      at,
    });
}

/** Tells everybody who listens to the group, and besides them `alsoTo`: those who left it, or are only coming. */
export function tellGroup(
  core: Core,
  conversation: Conversation,
  notice: Notice,
  alsoTo: readonly string[] = [],
): void {
  const toUserIds = alsoTo.slice(0, mostUsersAnEvent);
  core.publish({
    kind: "noticeGiven",
    notice,
    conversation,
    isForAll: true,
    toUserIds,
    at: Date.now(),
  });
}
