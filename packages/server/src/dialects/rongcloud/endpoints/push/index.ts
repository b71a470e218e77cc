import { conversationSettingsRows } from "./conversation-settings.ts";
import { conversationTagRows } from "./conversation-tags.ts";
import { doNotDisturbRows } from "./do-not-disturb.ts";
import { pushEndpointRows } from "./push.ts";
import { quietHoursRows } from "./quiet-hours.ts";
import { remarkRows } from "./remarks.ts";
import { userTagRows } from "./user-tags.ts";

/** Notifications, and what users set of their conversations. */
export const pushRows = [
  ...userTagRows,
  ...doNotDisturbRows,
  ...quietHoursRows,
  ...conversationSettingsRows,
  ...conversationTagRows,
  ...remarkRows,
  ...pushEndpointRows,
];
