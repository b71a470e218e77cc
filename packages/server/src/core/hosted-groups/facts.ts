import { ParlanceError } from "../../errors.ts";
import type { GroupPermissions } from "../../ports/store-hosted-groups.ts";
import { readFields, readOwnFields, readText, textField } from "../fields/field-kinds.ts";

const groupFields = {
  introduction: textField(512),
  announcement: textField(1024),
  portraitUrl: textField(128),
};

const nameLength = 64;
/** Up to 32 characters. */
const ownName = /^ext_[A-Za-z]\w{0,27}$/;

/** The highest value of each; 0 is what holds where nothing was said. They bind what people's clients ask for. */
const permissions: Readonly<Record<string, number>> = {
  joinPerm: 3,
  removePerm: 2,
  memInvitePerm: 2,
  invitePerm: 1,
  profilePerm: 2,
  memProfilePerm: 2,
};

/** With what holds where nothing was said. */
export const allPermissions = (given: GroupPermissions): GroupPermissions => ({
  ...Object.fromEntries(Object.keys(permissions).map((name) => [name, 0])),
  ...given,
});

/** What is said about a group; a name may be said among the fields. */
export interface GivenFacts {
  name?: string;
  fields?: Record<string, unknown>;
  ownFields?: Record<string, unknown>;
  permissions?: Record<string, unknown>;
}

export interface ReadFacts {
  name?: string;
  fields?: Record<string, string | null>;
  ownFields?: Record<string, string | null>;
  permissions?: GroupPermissions;
}

function readPermissions(given: Record<string, unknown>): GroupPermissions {
  const read = Object.entries(given).map(([name, value]) => {
    const most = Object.hasOwn(permissions, name) ? permissions[name] : undefined;
    if (most === undefined)
      throw new ParlanceError("fieldUnknown", { field: name.slice(0, 64) }, "There is no such permission.");
    const number = typeof value === "string" && /^\d$/.test(value) ? Number(value) : value;
    if (!Number.isInteger(number))
      throw new ParlanceError("fieldNotNumber", { field: name }, `${name}: It must be a whole number.`);
    if ((number as number) < 0 || (number as number) > most)
      throw new ParlanceError("fieldOutOfRange", { field: name }, `${name}: It must be from 0 to ${most}.`);
    return [name, number];
  });
  return Object.fromEntries(read);
}

/** Throws `nameEmpty`, and as `readFields` and `readOwnFields` do. */
export function readFacts({ name, fields, ownFields, permissions: given }: GivenFacts): ReadFacts {
  const { name: nameAmong, ...others } = fields ?? {};
  const wanted = name ?? nameAmong;
  const facts: ReadFacts = {};
  if (wanted !== undefined) {
    facts.name = readText("name", wanted, nameLength);
    if (facts.name === "") throw new ParlanceError("nameEmpty");
  }
  if (fields) facts.fields = readFields(groupFields, others) as Record<string, string | null>;
  if (ownFields) facts.ownFields = readOwnFields(ownName, ownFields);
  if (given) facts.permissions = readPermissions(given);
  return facts;
}

/** Of a group that comes into being, where nothing can be taken away. Throws `tooManyFields`. */
export function readNewFacts(given: GivenFacts, mostOwnFields: number) {
  const { fields = {}, ownFields = {}, permissions = {} } = readFacts(given);
  const present = (all: Record<string, string | null>) =>
    Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as Record<string, string>;
  const facts = { fields: present(fields), ownFields: present(ownFields), permissions };
  if (Object.keys(facts.ownFields).length > mostOwnFields) throw new ParlanceError("tooManyFields");
  return facts;
}
