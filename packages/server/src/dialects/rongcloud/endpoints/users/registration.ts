/** Who a user is, and what they connect with. */

import Type from "typebox";
import { expireTokens } from "../../../../core/users/expire-tokens.ts";
import { getUser, updateUser } from "../../../../core/users/profiles.ts";
import { registerUser } from "../../../../core/users/register-user.ts";
import { dateText } from "../../date-text.ts";
import { row } from "../../endpoint.ts";
import { ids, optional, text, userId, wholeNumber } from "../../params.ts";

const name = text({ maxLength: 64, description: "Shown in notifications; up to 64 characters." });
const portraitUri = optional(
  text({ maxBytes: 1024, description: "URL of a portrait, up to 1024 bytes. Absent: as it was." }),
);

/** Tells a client which deployment the token is for; without a scheme it is https. */
export const hostsOf = (origin: string): string => {
  const host = origin.replace(/^https:\/\//, "");
  return `${host};${host}`;
};

export const registrationRows = [
  row({
    path: "/user/getToken.json",
    summary: "Register a user, or change their name and portrait, and get a token to connect with.",
    notes: [
      "Each call gives another token, and all of them are good on any number of devices: until token/expire, deactivation, or another secret of the app; where the app's setting tokenHours says so, until they run out. While a user is blocked nobody connects with one.",
      "Behind the @ stands where the token is good. Clients may connect with or without it. A client says which device it is by `?device=NAME` of the socket's URL, up to 64 characters; a newer connection of the same user and device replaces the older. One that says nothing is a device of its own.",
    ],
    params: { userId, name, portraitUri },
    result: { userId: Type.String(), token: Type.String() },
    rates: [{ limit: 200, per: "second" }],
    example: {
      params: { userId: "u01", name: "Ann", portraitUri: "https://example.com/ann.png" },
      result: {
        userId: "u01",
        token: "u.2bVQ0w5ChBsDTweUTPFMpOxC0LSnO96HcI51PE6h5Ho:app@chat.example.com;chat.example.com",
      },
    },
    run: async (core, { userId, name, portraitUri }, { origin }) => ({
      userId,
      token: `${await registerUser(core, { userId, name, portraitUrl: portraitUri })}@${hostsOf(origin)}`,
    }),
  }),
  row({
    path: "/user/token/expire.json",
    summary: "Make users' tokens worthless that were issued before a moment.",
    notes: [
      "Who is connected stays connected; connecting again needs a new token. A token from a call after this one is good, even where the moment is yet to come.",
    ],
    params: {
      userId: ids({ max: 20 }),
      time: wholeNumber({
        minimum: 0,
        maximum: 8_640_000_000_000_000,
        description: "Milliseconds since 1970.",
      }),
    },
    example: { params: { userId: ["u01", "u02"], time: 1_408_710_653_000 } },
    run: (core, { userId, time }) => expireTokens(core, userId, time),
  }),
  row({
    path: "/user/info.json",
    summary: "Get a user's name and portrait, and when they were registered.",
    notes: ["The time is in the time zone of the app's setting timeZone."],
    params: { userId },
    result: { userName: Type.String(), userPortrait: Type.String(), createTime: Type.String() },
    example: {
      params: { userId: "u01" },
      result: { userName: "Ann", userPortrait: "", createTime: "2016-05-24 10:38:19" },
    },
    async run(core, { userId }) {
      const { name, portraitUrl, registeredAt } = await getUser(core, userId);
      return {
        userName: name ?? "",
        userPortrait: portraitUrl ?? "",
        createTime: dateText(registeredAt, core.settings.timeZone),
      };
    },
  }),
  row({
    path: "/user/refresh.json",
    summary: "Change a user's name or portrait.",
    notes: ["What is absent stays. A user that nobody registered is refused with 400."],
    params: { userId, name: optional(name), portraitUri },
    example: { params: { userId: "u01", name: "Ann" } },
    run: (core, { userId, name, portraitUri }) =>
      updateUser(core, userId, { name, portraitUrl: portraitUri }),
  }),
];
