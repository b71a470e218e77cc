/** What a chatroom has besides messages. */

import { limits } from "../limits.ts";
import { boolean, described, type Infer, integer, list, object, optional, string } from "../schema/schema.ts";
import { micros, userId } from "./ids.ts";

export const chatroomKeyName = string({
  minLength: 1,
  maxLength: limits.chatroomKeyCharacters,
  pattern: "^[A-Za-z0-9_=+-]+$",
});

export const chatroomKey = object({
  key: chatroomKeyName,
  value: described('"" where the key was removed.', string({ maxLength: limits.chatroomValueCharacters })),
  by: userId,
  at: micros,
});

export type ChatroomKey = Infer<typeof chatroomKey>;

export const chatroomKeys = list(chatroomKey, { maxItems: limits.chatroomKeys });

export const hasAllKeys = optional(
  described("The keys are all there are, though `knownKeysAt` was given: it is too long ago.", boolean()),
);

export const memberCount = integer({ minimum: 0 });
