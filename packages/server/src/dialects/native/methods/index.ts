import { changeMethods } from "./changes.ts";
import { chatroomMethods } from "./chatrooms.ts";
import { conversationMethods } from "./conversations.ts";
import { messageMethods } from "./messages.ts";
import type { MethodRow } from "./method.ts";
import { peopleMethods } from "./people.ts";
import { pushMethods } from "./push.ts";
import { sendMethods } from "./send.ts";
import { tagMethods } from "./tags.ts";

/** Every method that the server answers. */
export const rows: ReadonlyMap<string, MethodRow> = new Map(
  [
    ...sendMethods,
    ...messageMethods,
    ...changeMethods,
    ...conversationMethods,
    ...tagMethods,
    ...peopleMethods,
    ...chatroomMethods,
    ...pushMethods,
  ].map((row) => [row.name, row as unknown as MethodRow]),
);
