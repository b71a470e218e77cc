/** An app's sensitive words. Their number stands beside the app, so that nobody counts ten thousand rows to add one. */

import type { SensitiveWord } from "../../../ports/store-words.ts";
import type { Db } from "../schema.ts";
import { raiseRevision, requireApp } from "./apps.ts";
import { idLists } from "./id-lists.ts";
import type { WriteScope } from "./write-scope.ts";

const countWords = async (db: Db, appId: number): Promise<number> => {
  const app = await db.selectFrom("apps").select("word_count").where("id", "=", appId).executeTakeFirst();
  return app?.word_count ?? 0;
};

/** Nodes read it with the apps. */
const noteChange = async (db: Db, appId: number, added: number): Promise<void> => {
  await db
    .updateTable("apps")
    .set((row) => ({
      word_count: row("word_count", "+", added),
      words_revision: row("words_revision", "+", 1),
    }))
    .where("id", "=", appId)
    .execute();
  await raiseRevision(db);
};

export const wordReads = {
  async listWords(db: Db, appId: number, afterKey: string | null, limit: number): Promise<SensitiveWord[]> {
    return db
      .selectFrom("sensitive_words")
      .select(["key", "word", "replace_with as replaceWith"])
      .where("app_id", "=", appId)
      .$if(afterKey !== null, (query) => query.where("key", ">", afterKey as string))
      .orderBy("key")
      .limit(limit)
      .execute();
  },
};

export const wordWrites = {
  async saveWords(
    scope: WriteScope,
    appId: number,
    words: SensitiveWord[],
    most: number,
  ): Promise<{ isSaved: boolean; left: number }> {
    const { db } = scope;
    await requireApp(db, appId);
    await scope.holdApp(appId);
    const count = await countWords(db, appId);
    let known = 0;
    for (const list of idLists(words.map(({ key }) => key))) {
      const rows = await db
        .selectFrom("sensitive_words")
        .select("key")
        .where("app_id", "=", appId)
        .where("key", "in", list)
        .execute();
      known += rows.length;
    }
    const added = words.length - known;
    if (added > 0 && count + added > most) return { isSaved: false, left: Math.max(0, most - count) };
    for (const { key, word, replaceWith } of words)
      await db
        .insertInto("sensitive_words")
        .values({ app_id: appId, key, word, replace_with: replaceWith })
        .onConflict((conflict) =>
          conflict.columns(["app_id", "key"]).doUpdateSet({ word, replace_with: replaceWith }),
        )
        .execute();
    await noteChange(db, appId, added);
    return { isSaved: true, left: Math.max(0, most - count - added) };
  },

  async removeWords(scope: WriteScope, appId: number, keys: string[]): Promise<number> {
    const { db } = scope;
    await scope.holdApp(appId);
    let removed = 0;
    for (const list of idLists(keys)) {
      const rows = await db
        .deleteFrom("sensitive_words")
        .where("app_id", "=", appId)
        .where("key", "in", list)
        .returning("key")
        .execute();
      removed += rows.length;
    }
    if (removed > 0) await noteChange(db, appId, -removed);
    return removed;
  },
};
