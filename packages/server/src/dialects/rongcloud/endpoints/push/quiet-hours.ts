import Type from "typebox";
import { findPreferences, longestQuiet, setQuietHours } from "../../../../core/push/preferences.ts";
import { row } from "../../endpoint.ts";
import { choice, optional, text, userId, wholeNumber } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";

const clock = /^([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)$/;

function secondOf(startTime: string): number {
  const [, hours, minutes, seconds] = clock.exec(startTime) ?? [];
  if (hours === undefined)
    throw new RongcloudRefusal(1002, "The parameter startTime is wrong. Write it as 23:59:59.");
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

const two = (number: number): string => String(Math.floor(number)).padStart(2, "0");
const clockOf = (second: number): string =>
  `${two(second / 3600)}:${two((second / 60) % 60)}:${two(second % 60)}`;

const level = choice([1, 5], { description: "What gets through: 1 mentions, 5 nothing." });

export const quietHoursRows = [
  row({
    path: "/user/blockPushPeriod/set.json",
    summary: "Set a user's quiet hours, every day.",
    notes: [
      "There is one such time for each user; a new one replaces it. It is by the clock of the app's setting `timeZone`.",
      "Conversations that the user set to -1 are heard all the same. A `period` of 0 takes the quiet hours back.",
    ],
    params: {
      userId,
      startTime: text({ maxLength: 8, description: "`HH:MM:SS`" }),
      period: wholeNumber({ minimum: 0, maximum: longestQuiet, description: "Minutes." }),
      level: optional(
        choice([1, 5], { description: "What gets through: 1 mentions, 5 nothing.", default: 1 }),
      ),
    },
    example: { params: { userId: "u1", startTime: "23:00:00", period: 480, level: 1 } },
    run: (core, given) => {
      const from = secondOf(given.startTime);
      const quiet = given.period > 0 ? { from, minutes: given.period, level: given.level ?? 1 } : null;
      return setQuietHours(core, given.userId, quiet);
    },
  }),
  row({
    path: "/user/blockPushPeriod/get.json",
    summary: "Tell a user's quiet hours.",
    notes: ["`data` is empty where there are none."],
    params: { userId },
    result: {
      data: Type.Object({
        startTime: optional(Type.String()),
        period: optional(Type.Integer()),
        unPushLevel: optional(level),
      }),
    },
    example: {
      params: { userId: "u1" },
      result: { data: { startTime: "23:00:00", period: 480, unPushLevel: 1 } },
    },
    run: async (core, given) => {
      const { quiet } = await findPreferences(core, given.userId);
      if (quiet === null) return { data: {} };
      return {
        data: { startTime: clockOf(quiet.from), period: quiet.minutes, unPushLevel: quiet.level },
      };
    },
  }),
  row({
    path: "/user/blockPushPeriod/delete.json",
    summary: "Take a user's quiet hours back.",
    params: { userId },
    example: { params: { userId: "u1" } },
    run: (core, given) => setQuietHours(core, given.userId, null),
  }),
];
