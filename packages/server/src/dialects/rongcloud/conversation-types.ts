/** Conversations as the API names them: a number for the kind, and the id of the other one. */

import type { ConversationName } from "../../core/conversations/conversation-name.ts";
import type { ConversationKind } from "../../ports/store.ts";
import { choice } from "./params.ts";
import { RongcloudRefusal } from "./refusal.ts";

const kinds = { 1: "direct", 3: "group", 6: "system" } as const satisfies Record<number, ConversationKind>;

const ultraGroup = 10;

/** As a parameter; 10, the ultra group, is understood and not offered yet. */
export const conversationType = choice([1, 3, 6, ultraGroup], {
  description: "1 one-to-one, 3 group, 6 system.",
});

/** Throws 1009 for a kind that is not offered. */
export function kindOf(type: number): "direct" | "group" | "system" {
  const kind = (kinds as Record<number, (typeof kinds)[1 | 3 | 6]>)[type];
  if (kind === undefined) throw new RongcloudRefusal(1009, "Ultra groups are not enabled for this app.");
  return kind;
}

export const nameOf = (type: number, targetId: string): ConversationName => ({
  kind: kindOf(type),
  id: targetId,
});

export const typeOf = (kind: ConversationKind): number =>
  Number(Object.entries(kinds).find(([, known]) => known === kind)?.[0] ?? 0);
