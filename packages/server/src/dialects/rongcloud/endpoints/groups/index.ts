import type { RongcloudRow } from "../../endpoint.ts";
import { groupRows as namesAndLists } from "./groups.ts";
import { memberRows } from "./members.ts";
import { mutedGroupRows } from "./muted-groups.ts";
import { muteRows } from "./mutes.ts";
import { whitelistRows } from "./whitelist.ts";

export const groupRows: readonly RongcloudRow[] = [
  ...memberRows,
  ...namesAndLists,
  ...muteRows,
  ...mutedGroupRows,
  ...whitelistRows,
];
