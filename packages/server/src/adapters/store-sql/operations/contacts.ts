/** Whom users don't take direct messages from, and whom they do. */

import { ParlanceError } from "../../../errors.ts";
import type { Contact, ContactListName } from "../../../ports/store-users.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { listingOf } from "./by-key.ts";
import { idLists } from "./id-lists.ts";
import type { WriteScope } from "./write-scope.ts";

const contactsOf = (db: Db, appId: number, userId: string, list: ContactListName) =>
  db
    .selectFrom("contacts")
    .where("app_id", "=", appId)
    .where("user_id", "=", userId)
    .where("list", "=", list);

export const contactReads = {
  async findListing(
    db: Db,
    appId: number,
    userIds: string[],
    list: ContactListName,
    contactId: string,
  ): Promise<string[]> {
    const found: string[] = [];
    for (const ids of idLists(userIds)) {
      const rows = await db
        .selectFrom(listingOf(db, appId, ids, list, contactId).as("c"))
        .select("user_id as id")
        .execute();
      for (const { id } of rows) found.push(id);
    }
    return found;
  },

  async listContacts(
    db: Db,
    appId: number,
    userId: string,
    list: ContactListName,
    { before, limit }: { before: Contact | null; limit: number },
  ): Promise<Contact[]> {
    return contactsOf(db, appId, userId, list)
      .select(["contact_id as userId", "added_at as addedAt"])
      .$if(before !== null, (query) => {
        const { addedAt, userId: contactId } = before as Contact;
        return query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple("added_at", "contact_id"), "<", tuple(addedAt, contactId)),
        );
      })
      .orderBy("added_at", "desc")
      .orderBy("contact_id", "desc")
      .limit(Math.max(0, limit))
      .execute();
  },
};

export const contactWrites = {
  /** Calls that run beside each other may together pass `most` by what one of them adds. */
  async addContacts(
    { db, nextTick }: WriteScope,
    appId: number,
    userId: string,
    list: ContactListName,
    contactIds: string[],
    most: number,
  ): Promise<void> {
    await requireApp(db, appId);
    const row = { app_id: appId, user_id: userId, list, added_at: await nextTick() };
    for (const ids of idLists(contactIds))
      await db
        .insertInto("contacts")
        .values(ids.map((contactId) => ({ ...row, contact_id: contactId })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    const { count } = await contactsOf(db, appId, userId, list)
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    if (Number(count) > most)
      throw new ParlanceError("invalidInput", { contacts: `A list has no more than ${most} users.` });
  },

  async removeContacts(
    { db }: WriteScope,
    appId: number,
    userId: string,
    list: ContactListName,
    contactIds: string[],
  ): Promise<void> {
    for (const ids of idLists(contactIds))
      await db
        .deleteFrom("contacts")
        .where("app_id", "=", appId)
        .where("user_id", "=", userId)
        .where("list", "=", list)
        .where("contact_id", "in", ids)
        .execute();
  },
};
