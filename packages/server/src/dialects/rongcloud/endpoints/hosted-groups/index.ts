import { comingAndGoingRows } from "./coming-and-going.ts";
import { followRows } from "./follows.ts";
import { hostedGroupRows as aboutGroups } from "./groups.ts";
import { hostedListRows } from "./lists.ts";
import { hostedMemberRows } from "./members.ts";
import { roleRows } from "./roles.ts";

export const hostedGroupRows = [
  ...aboutGroups,
  ...comingAndGoingRows,
  ...roleRows,
  ...hostedMemberRows,
  ...followRows,
  ...hostedListRows,
];
