/** Whether somebody wants to be notified of a message. */

import type { ConversationKind } from "../../ports/store.ts";
import type { MuteLevel } from "../../ports/store-conversations.ts";
import type { Mentions } from "../../ports/store-entries.ts";
import type { PushTarget } from "../../ports/store-push.ts";
import { areQuiet } from "./preferences.ts";

export interface Occasion {
  kind: ConversationKind;
  mentions: Mentions | undefined;
  /** What holds where the user set nothing: of the group, else of the app. */
  fallback: MuteLevel;
  /** Milliseconds since the epoch. */
  now: number;
  /** How far clocks of the app's users are ahead of UTC. */
  zoneMinutes: number;
}

type Wishes = Pick<PushTarget, "userId" | "muteLevel" | "preferences">;

/**
 * What is set for the conversation wins over what is set for its kind, and that over the fallback; 0 is "not set". Quiet
 * hours hold beside that, but not where the conversation is set to -1.
 */
export function isWanted(
  { userId, muteLevel, preferences }: Wishes,
  { kind, mentions, fallback, now, zoneMinutes }: Occasion,
): boolean {
  const level = muteLevel || preferences.muteLevels[kind] || fallback;
  const mention = mentionOf(userId, mentions);
  if (!passes(level, mention)) return false;
  const { quiet } = preferences;
  if (quiet === null || muteLevel === -1 || !areQuiet(quiet, now, zoneMinutes)) return true;
  return passes(quiet.level, mention);
}

interface Mention {
  byName: boolean;
  ofAll: boolean;
}

const mentionOf = (userId: string, mentions: Mentions | undefined): Mention => ({
  byName: mentions?.userIds.includes(userId) ?? false,
  ofAll: mentions?.isAll ?? false,
});

function passes(level: MuteLevel, { byName, ofAll }: Mention): boolean {
  switch (level) {
    case -1:
    case 0:
      return true;
    case 1:
      return byName || ofAll;
    case 2:
      return byName;
    case 4:
      return ofAll;
    case 5:
      return false;
  }
}
