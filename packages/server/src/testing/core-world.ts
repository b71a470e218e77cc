import { afterAll, beforeAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../adapters/open-store.ts";
import { LocalRouter } from "../core/cluster/local-router.ts";
import type { Core } from "../core/core.ts";
import { createCore } from "../core/create-core.ts";
import type { CoreEvent } from "../core/events.ts";
import type { Conversation, Store } from "../ports/store.ts";

/** One app's core over a real store, without a server: for what no dialect offers, or offers only in part. */
export interface CoreWorld {
  core: Core;
  /** What was published since this was last emptied. */
  published: CoreEvent[];
  newConversation(memberIds: string[], kind?: Conversation["kind"]): Promise<Conversation>;
}

/** Opens one for the tests of a file. */
export function useCore(): CoreWorld {
  const world = { published: [] } as unknown as CoreWorld;
  const dataDir = mkdtempSync(join(tmpdir(), "parlance-core-"));
  let store: Store;
  beforeAll(async () => {
    store = await openStore({ dataDir });
    const app = await store.apps.create({ key: "shop", name: "Shop", secret: "secret-of-shop-0001" });
    world.core = createCore(app, {
      store,
      router: new LocalRouter((error) => {
        throw error;
      }),
      limits: { memberIdsPerCall: 1000, messageBytes: 64 * 1024 },
      logFor: () => ({ info() {}, debug() {} }),
      onPublished: (event) => world.published.push(event),
    });
    let made = 0;
    world.newConversation = (memberIds, kind = "group") =>
      world.core.store.createConversation({ kind, key: `room-${++made}`, admission: "members", memberIds });
  });
  afterAll(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return world;
}

/** The code and the details' names of a refusal. */
export const refusalOf = async (call: Promise<unknown>): Promise<string> => {
  const outcome = await call.then(
    () => "was not refused",
    (error) => error,
  );
  if (typeof outcome === "string") return outcome;
  return [outcome.code ?? String(outcome), ...Object.keys(outcome.details ?? {})].join(" ");
};
