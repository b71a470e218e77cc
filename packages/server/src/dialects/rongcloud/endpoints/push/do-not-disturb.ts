import { findMuteLevel, presetSettings } from "../../../../core/conversations/presets.ts";
import { findPreferences, setKindLevel } from "../../../../core/push/preferences.ts";
import type { MuteLevel } from "../../../../ports/store-conversations.ts";
import { conversationType, kindOf, nameOf } from "../../conversation-types.ts";
import { row } from "../../endpoint.ts";
import { choice, id, optional, text, userId, wholeNumber } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";

const unpushLevel = choice([-1, 0, 1, 2, 4, 5], {
  description:
    "-1 notify of everything, 0 not set, 1 only of mentions, 2 only of mentions by name, 4 only of mentions of all, 5 of nothing.",
});
const targetId = id("The other user, the group, or the sender of system messages.");
const busChannel = optional(text({ maxBytes: 20, description: "Of ultra groups; passed over." }));
const order =
  "What is set for a conversation wins over what is set for its type, and that over the app's own default. -1 is heard in quiet hours, too.";

/** The older switch knows all or nothing. */
function levelOf(given: { isMuted?: number; unpushLevel?: number }): MuteLevel {
  if (given.unpushLevel !== undefined) return given.unpushLevel as MuteLevel;
  if (given.isMuted === undefined) throw new RongcloudRefusal(1002, "The parameter unpushLevel is required.");
  return given.isMuted === 1 ? 5 : 0;
}

export const doNotDisturbRows = [
  row({
    path: "/conversation/notification/set.json",
    summary: "Set of what a user is notified in one conversation.",
    notes: [
      "Either `unpushLevel` or the older `isMuted` is needed; `unpushLevel` wins. The user's own devices see it at once.",
      order,
      "The conversation need not exist yet, nor the user be a member of the group.",
    ],
    params: {
      conversationType,
      requestId: userId,
      targetId,
      isMuted: optional(
        wholeNumber({ minimum: 0, maximum: 1, description: "1 is `unpushLevel` 5, 0 is 0." }),
      ),
      unpushLevel: optional(unpushLevel),
      busChannel,
    },
    example: { params: { conversationType: 1, requestId: "u1", targetId: "u2", unpushLevel: 5 } },
    run: (core, given) =>
      presetSettings(core, given.requestId, nameOf(given.conversationType, given.targetId), {
        muteLevel: levelOf(given),
      }),
  }),
  row({
    path: "/conversation/notification/get.json",
    summary: "Tell of what a user is notified in one conversation.",
    notes: ["`isMuted` is the level, 0 where nothing is set."],
    params: { conversationType, requestId: userId, targetId, busChannel },
    result: { isMuted: unpushLevel },
    example: { params: { conversationType: 1, requestId: "u1", targetId: "u2" }, result: { isMuted: 0 } },
    run: async (core, given) => ({
      isMuted: await findMuteLevel(core, given.requestId, nameOf(given.conversationType, given.targetId)),
    }),
  }),
  row({
    path: "/conversation/type/notification/set.json",
    summary: "Set of what a user is notified in conversations of a type.",
    notes: [order, "0 takes it back."],
    params: { conversationType, requestId: userId, unpushLevel },
    example: { params: { conversationType: 3, requestId: "u1", unpushLevel: 1 } },
    run: (core, given) =>
      setKindLevel(core, given.requestId, kindOf(given.conversationType), given.unpushLevel as MuteLevel),
  }),
  row({
    path: "/conversation/type/notification/get.json",
    summary: "Tell of what a user is notified in conversations of a type.",
    notes: ["`isMuted` is the level, 0 where nothing is set."],
    params: { conversationType, requestId: userId },
    result: { isMuted: unpushLevel },
    example: { params: { conversationType: 3, requestId: "u1" }, result: { isMuted: 0 } },
    run: async (core, given) => {
      const { muteLevels } = await findPreferences(core, given.requestId);
      return { isMuted: muteLevels[kindOf(given.conversationType)] ?? 0 };
    },
  }),
];
