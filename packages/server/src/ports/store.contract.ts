/**
 * What every store must do. An adapter's test calls `storeContract` with a way to open an empty store; the parts are in
 * `store-contract/`. Each test makes apps of its own, so the store is shared and never empty, as in life.
 */

import { afterAll, beforeAll, describe } from "bun:test";
import type { Store } from "./store.ts";
import { appendContract } from "./store-contract/append.ts";
import { appsContract } from "./store-contract/apps.ts";
import { catchUpContract } from "./store-contract/catch-up.ts";
import { conversationStatesContract } from "./store-contract/conversation-states.ts";
import { conversationsContract } from "./store-contract/conversations.ts";
import { Fixture } from "./store-contract/fixture.ts";
import { lifeContract } from "./store-contract/life.ts";
import { mentionsContract } from "./store-contract/mentions.ts";
import { messagesContract } from "./store-contract/messages.ts";
import { purgeContract } from "./store-contract/purge.ts";
import { readMarksContract } from "./store-contract/read-marks.ts";
import { reportsContract } from "./store-contract/reports.ts";
import { sessionsContract } from "./store-contract/sessions.ts";
import { syncContract } from "./store-contract/sync.ts";
import { syncModelContract } from "./store-contract/sync-model.ts";
import { tenancyContract } from "./store-contract/tenancy.ts";
import { unreadContract } from "./store-contract/unread.ts";

export interface OpenedStore {
  store: Store;
  /** Opens the same data again, after `store` is closed. */
  reopen(): Promise<Store>;
  /** Removes what the store left behind; called after it is closed. */
  dispose(): Promise<void>;
}

export const storeContract = (name: string, open: () => Promise<OpenedStore>): void => {
  describe(`store contract: ${name}`, () => {
    const fixture = new Fixture();
    let opened: OpenedStore;
    beforeAll(async () => {
      opened = await open();
      fixture.store = opened.store;
    });
    afterAll(async () => {
      await opened.store.close();
      await opened.dispose();
    });

    appsContract(fixture);
    sessionsContract(fixture);
    conversationsContract(fixture);
    appendContract(fixture);
    messagesContract(fixture);
    mentionsContract(fixture);
    readMarksContract(fixture);
    unreadContract(fixture);
    conversationStatesContract(fixture);
    syncContract(fixture);
    syncModelContract(fixture);
    catchUpContract(fixture);
    reportsContract(fixture);
    tenancyContract(fixture);
    purgeContract(fixture);
    lifeContract(open);
  });
};
