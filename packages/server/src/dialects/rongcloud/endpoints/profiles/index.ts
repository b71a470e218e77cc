/** What users are shown as, kept for the app. */

import Type from "typebox";
import { cleanProfiles, findProfiles, listProfiles, setProfile } from "../../../../core/profiles/profiles.ts";
import type { Profile } from "../../../../ports/store-profiles.ts";
import { row } from "../../endpoint.ts";
import { fields, fieldsText, hosting, zeroOrOne } from "../../hosting.ts";
import { ids, optional, pageNumber, userId, wholeNumber } from "../../params.ts";

const hosted = hosting({ tooManyFields: 24363 });

const toUser = ({ userId, version, fields, ownFields }: Profile) => ({
  userId,
  version,
  userProfile: fieldsText(fields),
  userExtProfile: fieldsText(ownFields),
});

const userList = Type.Array(
  Type.Object({
    userId: Type.String(),
    version: Type.Optional(Type.Integer({ description: "Rises with every change." })),
    userProfile: Type.String({ description: "JSON text." }),
    userExtProfile: Type.String({ description: "JSON text." }),
  }),
);

const shown = { userId: "u01", userProfile: '{"name":"Ann"}', userExtProfile: '{"ext_team":"red"}' };

export const profileRows = [
  row({
    path: "/user/profile/set.json",
    summary: "Set fields of a user's profile.",
    notes: [
      "Fields that are named change, the others stay; an empty text takes one away. userProfile: uniqueId (32 characters), name (64), portraitUri (1024), email (128), birthday (32), gender (0 unknown, 1 male, 2 female), location (32), role and level (0 to 100). userExtProfile: names that begin with ext_ (32), values of 256 characters, at most as many as the app's profileOwnFields.",
      "Devices of the user and of friends are told with the event `notice` (profileChanged). The name that pushes show is another thing: /user/refresh.json.",
      "24361: unknown field. 24362: wrong name of a field of your own. 24363: too many of those. 24364: too long. 24367, 24368: no number, or out of range.",
    ],
    params: {
      userId,
      userProfile: optional(fields("JSON text of the fields that are known.")),
      userExtProfile: optional(fields("JSON text of fields of your own.")),
    },
    example: {
      params: { userId: "u01", userProfile: { name: "Ann", gender: 2 }, userExtProfile: { ext_team: "red" } },
    },
    run: hosted(async (core, { userId, userProfile, userExtProfile }) => {
      await setProfile(core, userId, {
        ...(userProfile && { fields: userProfile }),
        ...(userExtProfile && { ownFields: userExtProfile }),
      });
    }),
  }),
  row({
    path: "/user/profile/clean.json",
    summary: "Remove users' profiles.",
    notes: ["Their devices, and those of their friends, are told. Users without a profile are passed over."],
    params: { userId: ids({ max: 20 }) },
    example: { params: { userId: ["u01", "u02"] } },
    run: hosted((core, { userId }) => cleanProfiles(core, userId)),
  }),
  row({
    path: "/user/profile/batch/query.json",
    summary: "Read profiles by their users.",
    notes: ["In the order of the ids; users without a profile are left out."],
    params: { userId: ids({ max: 100 }) },
    result: { userList },
    example: { params: { userId: ["u01"] }, result: { userList: [{ ...shown, version: 1_767_225_600 }] } },
    run: hosted(async (core, { userId }) => {
      const found = new Map((await findProfiles(core, userId)).map((profile) => [profile.userId, profile]));
      return { userList: userId.flatMap((id) => found.get(id) ?? []).map(toUser) };
    }),
  }),
  row({
    path: "/user/profile/query.json",
    summary: "Page through all profiles of the app.",
    notes: ["In the order in which users first had a profile."],
    params: {
      page: pageNumber,
      size: optional(wholeNumber({ minimum: 1, maximum: 100, default: 20 })),
      order: optional(zeroOrOne("0 oldest first, 1 newest first.", 0)),
    },
    result: { userList },
    example: { params: { page: 1, size: 20 }, result: { userList: [{ ...shown, version: 1_767_225_600 }] } },
    run: hosted(async (core, { page = 1, size = 20, order = 0 }) => {
      const offset = Math.max(0, page - 1) * size;
      const found = await listProfiles(core, { offset, limit: size, isNewestFirst: order === 1 });
      return { userList: found.map(toUser) };
    }),
  }),
];
