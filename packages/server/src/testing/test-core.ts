/** The core over a real store in a folder of its own, and what it published. Imported by tests only. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../adapters/open-store.ts";
import { LocalRouter } from "../core/cluster/local-router.ts";
import type { Core } from "../core/core.ts";
import { createCore } from "../core/create-core.ts";
import type { CoreEvent } from "../core/events.ts";
import type { Store } from "../ports/store.ts";

export interface TestCore {
  core: Core;
  /** A second node's handle on the same app. */
  newNode(): Core;
  events: CoreEvent[];
  store: Store;
  close(): Promise<void>;
}

export async function openTestCore(): Promise<TestCore> {
  const dataDir = await mkdtemp(join(tmpdir(), "parlance-core-"));
  const store = await openStore({ dataDir });
  const app = await store.apps.create({ key: "shop", name: "Shop", secret: "secret-of-shop" });
  const events: CoreEvent[] = [];
  const log = { info() {}, debug() {} };
  const newNode = () =>
    createCore(app, {
      store,
      router: new LocalRouter((error) => {
        throw error;
      }),
      limits: { memberIdsPerCall: 3000, messageBytes: 16_384 },
      logFor: () => log,
      onPublished: (event) => events.push(event),
    });
  const close = async () => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { core: newNode(), newNode, events, store, close };
}
