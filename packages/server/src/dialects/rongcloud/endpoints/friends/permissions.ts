/** Who may make whom their friend. */

import Type from "typebox";
import { findFriendPermissions, setFriendPermission } from "../../../../core/friends/friends.ts";
import { row } from "../../endpoint.ts";
import { choice, ids } from "../../params.ts";
import { befriending, eachCounts } from "./rules.ts";

const users = ids({ max: 100 });

export const friendPermissionRows = [
  row({
    path: "/friend/permission/set.json",
    summary: "Set who may make these users their friends.",
    params: {
      userIds: users,
      permissionType: choice([1, 2, 3], { description: "1 anybody, 2 those whom they accept, 3 nobody." }),
    },
    rates: eachCounts(({ userIds }) => userIds),
    example: { params: { userIds: ["u01", "u02"], permissionType: 2 } },
    run: befriending((core, { userIds, permissionType }) =>
      setFriendPermission(core, userIds, Number(permissionType) as 1 | 2 | 3),
    ),
  }),
  row({
    path: "/friend/permission/get.json",
    summary: "Read who may make these users their friends.",
    notes: ["0: never set, and so as the app's friendPermission says."],
    params: { userIds: users },
    rates: eachCounts(({ userIds }) => userIds),
    result: {
      permissionSettings: Type.Array(Type.Object({ userId: Type.String(), type: Type.Integer() })),
    },
    example: {
      params: { userIds: ["u01"] },
      result: { permissionSettings: [{ userId: "u01", type: 0 }] },
    },
    run: befriending(async (core, { userIds }) => {
      const found = await findFriendPermissions(core, userIds);
      return {
        permissionSettings: found.map(({ userId, permission }) => ({ userId, type: permission ?? 0 })),
      };
    }),
  }),
];
