import { blockRows } from "./blocks.ts";
import { contactRows } from "./contacts.ts";
import { deactivationRows } from "./deactivation.ts";
import { directMuteRows } from "./direct-mutes.ts";
import { peopleRows } from "./people.ts";
import { registrationRows } from "./registration.ts";

export const userRows = [
  ...registrationRows,
  ...peopleRows,
  ...deactivationRows,
  ...blockRows,
  ...contactRows,
  ...directMuteRows,
];
