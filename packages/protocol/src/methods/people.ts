import { lunch } from "../examples.ts";
import { limits } from "../limits.ts";
import { presence, user } from "../parts/conversation-state.ts";
import { conversationRef, micros, typeName, userIds } from "../parts/ids.ts";
import { anyObject, described, integer, list, object, optional } from "../schema/schema.ts";
import { conversationErrors, method } from "./method.ts";

export const peopleMethods = {
  ping: method({
    sentence: "Asks for a sign of life.",
    params: object({}),
    result: object({ now: micros }),
    errors: [],
    example: { params: {}, result: { now: 1_767_225_600_000_000 } },
  }),
  "signal.send": method({
    sentence:
      "Tells the others who are online something that is not kept: typing, or a type of the app's own.",
    params: object({ conversation: conversationRef, type: typeName, content: optional(anyObject()) }),
    result: object({}),
    errors: [
      ...conversationErrors,
      "notAllowed",
      "muted",
      "blocked",
      "notJoined",
      "contentTooLarge",
      "blockedBySensitiveWord",
    ],
    example: { params: { conversation: lunch, type: "typing" }, result: {} },
  }),
  "user.get": method({
    sentence: "Returns what the app wants shown of users; unknown ones are left out.",
    params: object({ userIds: userIds(limits.usersPerCall) }),
    result: object({ users: list(user) }),
    errors: [],
    example: { params: { userIds: ["bob"] }, result: { users: [{ id: "bob", data: '{"name":"Bob"}' }] } },
  }),
  "presence.watch": method({
    sentence: "Returns who is online, and tells changes as event `presence` until the watch ends.",
    notes: [
      "Watching again makes the time longer. Changes are gathered: at most one event a second and user.",
    ],
    params: object({
      userIds: userIds(limits.watchedPerCall),
      seconds: optional(integer({ minimum: 1, maximum: limits.watchSeconds })),
    }),
    result: object({ users: list(presence), expiresAt: described("When the watch ends by itself.", micros) }),
    errors: ["tooManyWatched"],
    example: {
      params: { userIds: ["bob"], seconds: 600 },
      result: {
        users: [{ userId: "bob", isOnline: true, platforms: ["web"] }],
        expiresAt: 1_767_226_200_000_000,
      },
    },
  }),
  "presence.unwatch": method({
    sentence: "Ends the watch of users.",
    params: object({ userIds: userIds(limits.watchedPerCall) }),
    result: object({}),
    errors: [],
    example: { params: { userIds: ["bob"] }, result: {} },
  }),
};
