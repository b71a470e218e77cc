import type { Presence } from "@parlance/protocol";
import type { PresenceState } from "../../core/presence/online-users.ts";

export const toPresence = ({ userId, isOnline, since, platforms }: PresenceState): Presence => ({
  userId,
  isOnline,
  ...(since === null ? {} : { since }),
  platforms: platforms.slice(0, 10),
});
