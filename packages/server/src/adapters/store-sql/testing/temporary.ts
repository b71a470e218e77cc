/** Imported by tests only. */

import { afterEach } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppStore, Store } from "../../../ports/store.ts";
import { openSqliteStore, type SqliteStoreOptions } from "../sqlite.ts";

/** Folders and stores that end with the test that asked for them. */
export const temporaries = () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  const newFolder = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), "parlance-store-"));
    cleanups.push(() => rm(folder, { recursive: true }));
    return folder;
  };
  const newFile = async (): Promise<string> => join(await newFolder(), "parlance.db");
  const openStore = async (file: string, options: Partial<SqliteStoreOptions> = {}): Promise<Store> => {
    const store = await openSqliteStore({ file, ...options });
    cleanups.push(() => store.close());
    return store;
  };
  return { newFolder, newFile, openStore };
};

export const newGroup = async (store: Store): Promise<{ own: AppStore; appId: number; id: number }> => {
  const app = await store.apps.create({
    key: crypto.randomUUID(),
    secret: crypto.randomUUID(),
    name: "An app",
  });
  const own = store.forApp(app.id);
  const conversation = { kind: "group", key: "room", admission: "members", memberIds: ["ann"] } as const;
  const { id } = await own.createConversation({ ...conversation, memberIds: ["ann"] });
  return { own, appId: app.id, id };
};

export const textMessage = (conversationId: number, content = "{}") => ({
  conversationId,
  senderId: "ann",
  type: "text",
  content,
  isCounted: true,
  marksRead: false,
});

export const setActive = async (
  own: AppStore,
  conversationId: number,
  of: number,
  isActive: boolean,
): Promise<boolean> =>
  (await own.change({ conversationId, of, kind: isActive ? "show" : "hide", by: null })) !== null;
