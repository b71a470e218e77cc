/** Ids and positions that many frames share. */

import { limits } from "../limits.ts";
import { described, type Infer, integer, list, object, oneOf, record, string } from "../schema/schema.ts";

/** A pattern for what people see as a name or an id. */
export const noControls = "^[^\\u0000-\\u001f\\u007f]*$";

const id = (maxLength: number) => string({ minLength: 1, maxLength, pattern: noControls });

export const userId = described("A user's id, as the app's back end chose it.", id(limits.userIdCharacters));

export const userIds = (maxItems: number) => list(userId, { minItems: 1, maxItems });

export const conversationKinds = ["direct", "group", "chatroom", "system"] as const;

export type ConversationKind = (typeof conversationKinds)[number];

export const conversationRef = described(
  "A conversation; of a direct one `id` is the other user's.",
  object({
    kind: oneOf(conversationKinds),
    id: described(
      "`direct`: the other user's. `system`: the sender that the app chose, `system` if it chose none; with a `*` before " +
        "it what the app tells all of its users under that name.",
      id(limits.conversationIdCharacters),
    ),
  }),
);

export type ConversationRef = Infer<typeof conversationRef>;

/** A message's id within its conversation: unique and rising. */
export const micros = described(
  "Whole microseconds since 1970.",
  integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
);

export const seq = described(
  "Position in the conversation's log: 1, 2, 3… without gaps; 0 is before the first.",
  integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
);

/** A place in a log. */
export const position = object({ seq, sentAt: micros });

export type Position = Infer<typeof position>;

export const clientId = described(
  "The sender's own id of the send, new for every message and kept when it is repeated.",
  id(limits.clientIdCharacters),
);

export const typeName = described(
  "A type of the table, or one of the app's own.",
  string({ minLength: 1, maxLength: limits.typeCharacters, pattern: "^[A-Za-z][A-Za-z0-9_.:-]*$" }),
);

/** What kind of device somebody is on, as the client tells it when it connects. */
export const platformPattern = `^[a-z][a-z0-9-]{0,${limits.platformCharacters - 1}}$`;

export const pageLimit = (most: number) => integer({ minimum: 1, maximum: most });

const messageKey = string({
  minLength: 1,
  maxLength: limits.messageKeyCharacters,
  pattern: "^[A-Za-z0-9+=_-]+$",
});
const messageValue = string({ maxLength: limits.messageValueCharacters });

/** As a message has them; a call sets fewer. */
export const messageKeys = record(messageValue, { maxProperties: limits.messageKeys });
export const messageKeyNames = list(messageKey, { minItems: 1, maxItems: limits.messageKeysPerCall });
/** A record's schema says nothing of the keys' names: the server refuses bad ones with `invalidParams`. */
export const messageKeysToSet = described(
  "Keys of letters, digits and + = _ -, with their values.",
  record(messageValue, {
    minProperties: 1,
    maxProperties: limits.messageKeysPerCall,
  }),
);
