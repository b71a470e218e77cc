/** `messages.traits`: what few messages are, a bit each. */

import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Message, NewMessage } from "../../../ports/store.ts";

const UNHEARD = 1;
const NEVER_LAST = 2;
const FIXED_KEYS = 4;

type Traits = Pick<Message, "isHiddenFromSender" | "isNeverLast" | "hasFixedKeys">;

/** 0 for nearly all. */
export const traitsOf = ({ isHiddenFromSender, isNeverLast, hasFixedKeys }: NewMessage): number =>
  (isHiddenFromSender ? UNHEARD : 0) | (isNeverLast ? NEVER_LAST : 0) | (hasFixedKeys ? FIXED_KEYS : 0);

export const readTraits = (traits: number, into: Traits): void => {
  if (traits & UNHEARD) into.isHiddenFromSender = true;
  if (traits & NEVER_LAST) into.isNeverLast = true;
  if (traits & FIXED_KEYS) into.hasFixedKeys = true;
};

export const hasFixedKeys = (traits: number): boolean => (traits & FIXED_KEYS) !== 0;

/** What a change of a message has of these: who doesn't see the one doesn't see the other. */
export const traitsOfChange = (traits: number): number => traits & UNHEARD;

export const isUnheard = (traits: number): boolean => (traits & UNHEARD) !== 0;

/** Of message or change `name`; the words of the index `messages_unheard`. */
export const isUnheardBySender = (name: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${sql.ref(`${name}.traits`)} & ${sql.lit(UNHEARD)}) = 1`;

/** Of message `name`, no change: it is not one that was sent in the user's name without the user hearing of it. */
export const isHeardBy = (name: string, userId: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`not (${isUnheardBySender(name)} and coalesce(${sql.ref(`${name}.sender_id`)}, '') = ${userId})`;

/** Of entry `name`: the same, also of changes of such messages. */
export const isEntryHeardBy = (name: string, userId: string): RawBuilder<SqlBool> => {
  const column = (of: string) => sql.ref(`${name}.${of}`);
  return sql<SqlBool>`not (${isUnheardBySender(name)} and coalesce(case
    when ${column("change_of")} is null then ${column("sender_id")}
    else (select t.sender_id from messages t where t.app_id = ${column("app_id")}
      and t.conversation_id = ${column("conversation_id")} and t.sent_at = ${column("change_of")}) end, '') = ${userId})`;
};

/** Of message `name`: lists may show it as the last one. */
export const mayBeLast = (name: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${sql.ref(`${name}.traits`)} & ${sql.lit(NEVER_LAST)}) = 0`;
