import { friendRows as aboutFriends } from "./friends.ts";
import { friendPermissionRows } from "./permissions.ts";

export const friendRows = [...aboutFriends, ...friendPermissionRows];
